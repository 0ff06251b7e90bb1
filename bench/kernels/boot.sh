#!/usr/bin/env bash
# Boots one kernel in QEMU with the program in an initramfs, runs a command there, brings its results back.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)

usage() {
  cat <<'USAGE'
usage: bench/kernels/boot.sh [options] KERNEL -- COMMAND [ARGUMENT...]

Boots KERNEL in QEMU, from an initramfs with uringbench and its libraries, and runs COMMAND there, in a shell of
busybox, in a folder whose content comes back to --out. Exit status: the command's; 125 when the kernel did not
boot or did not finish in time, as `git bisect run` wants it. Nothing is left behind.

  KERNEL            a folder of fetch.sh, a bzImage, or a build tree of the kernel
  --out DIR         where the results and the console go (default: build/kernels/out)
  --program FILE    the program (default: build/release/src/uringbench)
  --with FILE       another program for the guest, with its libraries; may be given again
  --cpus N          CPUs of the guest (default: 1; Debian's 6.12 panics now and then with two under TCG)
  --memory MIB      (default: 1024)
  --timeout SECONDS (default: 300)
  --sysctl NAME=VALUE   set before the command; may be given again. What kernels set differently by default
                    is pinned: net.core.optmem_max=131072
  --qemu 'OPTIONS'  further options of QEMU, as for a network device

  --accelerator A   kvm, tcg, or auto (the default): KVM where a guest really starts with it, else emulation (TCG), in
                    which no time that is measured means anything
  --which-accelerator   only say which one auto is, for KERNEL
USAGE
}

fail() {
  echo "boot.sh: $*" >&2
  exit 2
}

out=build/kernels/out program=$root/build/release/src/uringbench cpus=1 memory=1024 timeout=300
accelerator=auto which=no
with=() sysctls=(net.core.optmem_max=131072) qemu_options=()
while [ $# -gt 0 ]; do
  case $1 in
    --out) out=${2:?} && shift 2 ;;
    --program) program=${2:?} && shift 2 ;;
    --with) with+=("${2:?}") && shift 2 ;;
    --cpus) cpus=${2:?} && shift 2 ;;
    --memory) memory=${2:?} && shift 2 ;;
    --timeout) timeout=${2:?} && shift 2 ;;
    --sysctl) sysctls+=("${2:?}") && shift 2 ;;
    --qemu) read -ra qemu_options <<<"${2?}" && shift 2 ;;
    --accelerator) accelerator=${2:?} && shift 2 ;;
    --which-accelerator) which=yes && shift ;;
    --help | -h) usage && exit 0 ;;
    --) fail "a kernel comes before '--'; --help shows how" ;;
    -*) fail "'$1' is not known; --help lists the options" ;;
    *) break ;;
  esac
done
case $accelerator in
  auto | kvm | tcg) ;;
  *) fail "--accelerator '$accelerator': expected auto, kvm or tcg" ;;
esac
if [ "$which" = no ]; then
  if [ $# -lt 3 ] || [ "$2" != -- ]; then fail "expected KERNEL -- COMMAND; --help shows how"; fi
fi
kernel=${1:?a kernel is expected; --help shows how}

for tool in qemu-system-x86_64 busybox cpio; do
  command -v "$tool" >/dev/null ||
    fail "$tool is not there; apt-get install qemu-system-x86 busybox-static cpio"
done
[ -x "$program" ] || fail "--program $program: there is no such program; build it, or name another"

image=$kernel modules=
if [ -d "$kernel" ]; then
  image=$(find "$kernel" -path '*/arch/x86/boot/bzImage' -o -path '*/boot/vmlinuz-*' | head -1)
  modules=$(find "$kernel" -maxdepth 4 -path '*/lib/modules/*' -name '[0-9]*' -type d | head -1)
fi
[ -f "$image" ] || fail "'$kernel' is no kernel: neither a bzImage nor a folder with boot/vmlinuz-* or arch/x86/boot/bzImage"

# What each needs of QEMU. Single-threaded: emulated SMP makes Debian's 6.12 panic. Five-level page tables slow
# emulation down. KVM inside a VM may refuse the host's capability register.
kvm=(-accel kvm -cpu 'host,arch-capabilities=off')
tcg=(-accel 'tcg,thread=single' -cpu 'max,la57=off')
machine=(-M q35 -nodefaults -display none -no-reboot -serial stdio)

# A /dev/kvm that opens may still run nothing, as in some clouds: a kernel says its version within a second.
kvm_works() {
  [ -w /dev/kvm ] || return 1
  timeout --kill-after=1 10 qemu-system-x86_64 "${kvm[@]}" "${machine[@]}" -m 256 -kernel "$image" \
    -append 'console=ttyS0 earlyprintk=serial panic=-1' </dev/null 2>/dev/null | grep -aqm1 'Linux version'
}
if [ "$accelerator" = auto ]; then
  accelerator=tcg
  kvm_works && accelerator=kvm
  [ "$which" = yes ] || echo "boot.sh: the guest runs under $accelerator" >&2
fi
if [ "$which" = yes ]; then
  echo "$accelerator"
  exit 0
fi
shift 2

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
guest=$work/guest
mkdir -p "$guest"/{bin,sbin,proc,sys,dev,tmp,run,etc,root,usr/bin,modules,job}

# install_program FILE: it and the libraries that it needs.
install_program() {
  local library
  cp -L "$1" "$guest/usr/bin/"
  while read -r library; do
    mkdir -p "$guest$(dirname "$library")"
    cp -Lu "$library" "$guest$library"
  done < <(ldd "$1" 2>/dev/null | grep -oE '/[^ ]+')
}

# What a study over loopback, veth and sinks needs, in the order of need.
module_names=(virtio virtio_ring virtio_pci_legacy_dev virtio_pci_modern_dev virtio_pci failover net_failover
  virtio_net virtio_console virtio_rng veth dummy ifb llc stp bridge sch_netem tls)

cp "$(command -v busybox)" "$guest/bin/busybox"
install_program "$program"
for each in "${with[@]}"; do install_program "$each"; done
number=0
for name in "${module_names[@]}"; do
  [ -n "$modules" ] || break
  file=$(find "$modules" -name "$name.ko*" | head -1)
  [ -n "$file" ] || continue
  number=$((number + 1))
  target=$guest/modules/$(printf %02d "$number")-$name.ko
  case $file in
    *.xz) xz -dc "$file" >"$target" ;;
    *.zst) zstd -qdc "$file" >"$target" ;;
    *) cp "$file" "$target" ;;
  esac
done
cp "$here/init" "$guest/init"
printf '%s\n' "${sysctls[@]}" >"$guest/job/sysctls"
{
  echo '#!/bin/sh'
  echo 'cd /job/out'
  printf '%q ' "$@"
} >"$guest/job/run"
chmod +x "$guest/init" "$guest/job/run"
(cd "$guest" && find . | cpio -o -H newc --quiet | gzip -1) >"$work/initrd"

processor=("${tcg[@]}")
[ "$accelerator" = tcg ] || processor=("${kvm[@]}")
mkdir -p "$out"
timeout --kill-after=5 "$timeout" qemu-system-x86_64 "${processor[@]}" "${machine[@]}" -smp "$cpus" -m "$memory" \
  -kernel "$image" -initrd "$work/initrd" \
  -append 'console=ttyS0 quiet panic=-1' \
  -device virtio-serial-pci -chardev "file,id=out,path=$work/out.tar" \
  -device virtserialport,chardev=out,name=out -device virtio-rng-pci "${qemu_options[@]}" \
  </dev/null >"$out/console.txt" 2>"$work/qemu.txt" || true
grep -v "host doesn't support" "$work/qemu.txt" >&2 || true
[ ! -s "$work/out.tar" ] || tar -x -f "$work/out.tar" -C "$out"
if [ ! -s "$out/status" ]; then
  echo "boot.sh: $kernel did not finish; its console is in $out/console.txt, which ends with:" >&2
  tail -5 "$out/console.txt" >&2
  exit 125
fi
exit "$(cat "$out/status")"
