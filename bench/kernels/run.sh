#!/usr/bin/env bash
# Runs one named job under each of several kernels, brings what it wrote back, and says what differs.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)

usage() {
  cat <<'USAGE'
usage: bench/kernels/run.sh [options] KERNEL... [-- ARGUMENT...]

Boots each KERNEL in QEMU, runs the job in it, and brings its files back to DIR/KERNEL. Of a job that makes a study
it ends with `uringbench report` of all kernels side by side, in DIR/matrix.txt and DIR/matrix.html.

  KERNEL      a name that fetch.sh knows (6.1, 6.12-rt, linux-image-...), which is fetched first; a folder of it;
              a bzImage; a build tree; or host: this kernel, without QEMU
  --job JOB   facts (the default): self-test, probe, and a study of every way over loopback and the sinks
              selftest: the self-test alone
              contract: the contract suite (the test binaries of build/release/tests)
              study: uringbench with the ARGUMENTs behind --
  --out DIR   (default: build/kernels/JOB); files of an earlier run of the same kernel there are removed
  --program FILE      (default: build/release/src/uringbench)
  --timeout SECONDS   of one kernel (default: 900)
  --accelerator A     kvm, tcg or auto (boot.sh)

Exit status: 0 when every kernel booted and its job succeeded; 125 when one did not boot; else the highest of the jobs.
USAGE
}

fail() {
  echo "run.sh: $*; --help lists the options" >&2
  exit 2
}

job=facts out='' program=$root/build/release/src/uringbench timeout=900 accelerator='' kernels=() arguments=()
while [ $# -gt 0 ]; do
  case $1 in
    --job | --out | --program | --timeout | --accelerator)
      [ $# -ge 2 ] || fail "$1 needs a value"
      declare "${1#--}=$2"
      shift 2
      ;;
    --help | -h) usage && exit 0 ;;
    --)
      shift
      arguments=("$@")
      break
      ;;
    -*) fail "'$1' is not known" ;;
    *) kernels+=("$1") && shift ;;
  esac
done
[ ${#kernels[@]} -gt 0 ] || fail "no kernel is named"
[ -x "$program" ] || fail "--program '$program' cannot be run; build it, or name another"
if [ "$job" = study ] && [ ${#arguments[@]} -eq 0 ]; then fail "--job study needs the study's arguments behind --"; fi
if [ "$job" != study ] && [ ${#arguments[@]} -gt 0 ]; then fail "arguments behind -- are for --job study"; fi

# Counts of facts need many operations, not exact times: an emulated CPU takes its time.
facts_study='--mode all --batch 1 --size 4K,64K --link loopback,sink,tcp-sink --warmup 150ms --duration 150ms --reps 1'
with=()
case $job in
  selftest) commands='uringbench selftest >selftest.txt 2>selftest.err' ;;
  facts)
    commands="uringbench probe --format json >probe.json
      uringbench list --format json >list.json
      uringbench doctor --quick >doctor.txt
      uringbench selftest --format json >selftest.json 2>selftest.err
      uringbench $facts_study --out study >study.txt 2>study.err
      test -s study/samples.jsonl"
    ;;
  contract)
    for each in uring path receive link engine; do
      [ -x "$root/build/release/tests/test_$each" ] || fail "build/release/tests/test_$each is not built"
      with+=(--with "$root/build/release/tests/test_$each")
    done
    # shellcheck disable=SC2016 # the guest's shell expands it
    commands='failed=0
      for each in uring path receive link engine; do
        test_$each --gtest_brief=1 >$each.txt 2>&1 || failed=1
        tail -3 $each.txt
      done
      exit $failed'
    ;;
  study) commands="uringbench $(printf '%q ' "${arguments[@]}") --out study >study.txt 2>study.err" ;;
  *) fail "--job '$job' is not a job; accepted are facts, selftest, contract and study" ;;
esac
out=${out:-$root/build/kernels/$job}

# on_host FOLDER
on_host() {
  local path
  path=$root/build/release/tests:$(dirname "$(realpath "$program")"):$PATH
  (cd "$1" && PATH=$path sh -c "$commands")
}

worst=0 studies=()
note_status() {
  # A kernel that did not boot decides: `git bisect run` is to skip it.
  if [ "$worst" -eq 125 ]; then return; fi
  if [ "$1" -eq 125 ] || [ "$1" -gt "$worst" ]; then worst=$1; fi
}

for kernel in "${kernels[@]}"; do
  name=$(basename "$(realpath -m "$kernel")")
  status=0
  rm -rf "${out:?}/$name"
  mkdir -p "$out/$name"
  echo "run.sh: $name: $job" >&2
  if [ "$kernel" = host ]; then
    on_host "$out/$name" || status=$?
  else
    [ -e "$kernel" ] || kernel=$("$here/fetch.sh" --dir "$root/build/kernels" "$kernel")
    accelerator=${accelerator:-$("$here/boot.sh" --program "$program" --which-accelerator "$kernel")}
    "$here/boot.sh" --accelerator "$accelerator" --program "$program" --timeout "$timeout" --out "$out/$name" \
      "${with[@]}" "$kernel" -- sh -c "$commands" || status=$?
  fi
  echo "$name: status $status, results in $out/$name"
  note_status "$status"
  [ ! -s "$out/$name/study/samples.jsonl" ] || studies+=("$name/study")
done

# The kernels' names are the studies': DIR/6.1/study is called after its folder otherwise.
if [ ${#studies[@]} -gt 1 ]; then
  scratch=$(mktemp -d)
  trap 'rm -rf "$scratch"' EXIT
  for each in "${studies[@]}"; do cp -r "$out/$each" "$scratch/$(dirname "$each")"; done
  (cd "$scratch" && for format in text csv json html; do
    "$program" report ./* --format "$format" >"matrix.$format" || rm -f "matrix.$format"
  done)
  for each in "$scratch"/matrix.*; do
    [ ! -e "$each" ] || mv "$each" "$out/$(basename "${each/%.text/.txt}")"
  done
  [ ! -e "$out/matrix.txt" ] || cat "$out/matrix.txt"
fi
exit "$worst"
