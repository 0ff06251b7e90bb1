#!/usr/bin/env bash
# The program under Debian's 6.1 in QEMU: it boots, knows that it is emulated, and says facts only.
#   tests/bench/kernels_test.sh PROGRAM
# Ends with 77 and the reason where QEMU or the kernel cannot be had.
set -euo pipefail
program=$(realpath "$1")
root=$(cd "$(dirname "$0")/../.." && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

skip() {
  echo "skipped: $*"
  exit 77
}

for tool in qemu-system-x86_64 busybox cpio; do
  command -v "$tool" >/dev/null || skip "$tool is not there; cmake/install_packages.sh kernels"
done
kernel=$(timeout 40 "$root/bench/kernels/fetch.sh" --dir "$root/build/kernels" 6.1-cloud 2>"$scratch/fetch") ||
  skip "Debian's 6.1 cannot be had: $(tail -n 1 "$scratch/fetch")"

study=(--mode "pthread-two-copy,uring-send-zc" --size 16K --link "loopback,sink" --reps 1 --warmup 100ms --duration 100ms)
"$root/bench/kernels/boot.sh" --accelerator tcg --program "$program" --timeout 180 --out "$scratch/out" "$kernel" -- \
  sh -c "uringbench doctor --quick >doctor.txt; uringbench ${study[*]} --out study >study.txt 2>study.err"

failed=0
expect() {
  grep -q "$1" "$scratch/out/$2" && return
  echo "FAILED: $2 does not say '$1'"
  cat "$scratch/out/$2"
  failed=1
}
expect 'hypervisor: emulation (QEMU TCG)' doctor.txt
expect 'FACTS ONLY' study.txt
expect 'zero-copy asked, 100% copied' study.txt
expect 'zero-copy, real 100%' study.txt
exit "$failed"
