#!/usr/bin/env bash
# Canned studies: one directory each, with everything that a later look at them needs.
set -euo pipefail
cd "$(dirname "$0")/.."

usage() {
  cat <<'USAGE'
usage: bench/sweep.sh [options] STUDY...

Runs studies by name, each into a directory of its own, with figures. No root is needed.

  smoke          three modes, three sizes, eight short repetitions: under two minutes
  classic        two-copy, one-copy and zero-copy with a thread a client: 64 to 512 B with 1, 2, 4
                 and 8 clients for 5 s each, then the sizes up to 1 MiB
  crossover      ten repetitions at 64 B to 1 MiB: where one way of sending overtakes another
  ring-features  each feature of the ring switched alone (uringbench ablate), and the set-ups
  receive        every way to receive, at 64 B to 256 KiB
  latency        responses of 64 B to 64 KiB: closed loop by clients, and open loop by rate
  zero-copy      every zero-copy path that reports against its copying twin, from a buffer in the
                 cache and from memory beyond it: UDP into a sink, and TCP over loopback, which
                 copies after all, beside a sink that acknowledges

  kernels        what a kernel does with every way, briefly: to be run under each, and put side by
                 side by `uringbench report DIR DIR...` (bench/kernels)

  --out DIR      where the directories of the studies go (default: results/DATE-TIME)
  --reps N       repetitions instead of those of the study; fewer than 6 cannot show a difference
  --duration T   measured window of a sample instead of that of the study
  --program P    uringbench to use (default: build/release/src/uringbench)
  --no-figures   do not draw
  --dry-run      print the commands and start nothing
  --help         this text

Each directory holds samples.jsonl (the first line is the environment), results.csv, table.txt,
thresholds.json, report.html (for a browser), answers.txt, command.txt, log.txt and figures/.
Nothing of the machine is changed: CPUs are pinned by the program, and doctor.txt says what would
disturb a measurement.

Ends with 0 when every study ran, 1 when one failed, 2 on bad usage, 3 when the program lacks an
option that a study needs (the others still run), 130 when interrupted.
USAGE
}

known_studies="smoke classic crossover ring-features receive latency zero-copy kernels"
program=build/release/src/uringbench
out=results/$(date +%Y%m%d-%H%M%S)
reps=''
duration=''
dry_run=''
figures=yes
studies=()

refuse() {
  echo "bench/sweep.sh: $1; --help lists what there is" >&2
  exit 2
}

value_of() {
  if [ $# -lt 2 ] || [ -z "$2" ]; then refuse "$1 needs a value"; fi
  printf '%s' "$2"
}

while [ $# -gt 0 ]; do
  case $1 in
    --out | --reps | --duration | --program)
      value=$(value_of "$@") || exit 2
      case $1 in
        --out) out=$value ;;
        --reps) reps=$value ;;
        --duration) duration=$value ;;
        --program) program=$value ;;
      esac
      shift 2
      ;;
    --no-figures)
      figures=''
      shift
      ;;
    --dry-run)
      dry_run=yes
      shift
      ;;
    --help | -h)
      usage
      exit 0
      ;;
    -*) refuse "'$1' is not an option" ;;
    *)
      case " $known_studies " in
        *" $1 "*) studies+=("$1") ;;
        *) refuse "'$1' is not a study" ;;
      esac
      shift
      ;;
  esac
done
[ ${#studies[@]} -gt 0 ] || refuse "no study is named"

status=0
# The worst that happened: a failure outweighs an option that is missing.
note_status() {
  if [ "$1" -eq 1 ] || [ "$status" -eq 0 ]; then status=$1; fi
}

has_option() {
  # The help names an option at the beginning of a line or after a comma. Kept in a variable: a pipe
  # that grep leaves early would end the script.
  local help
  help=$("$program" --help)
  grep -qE "(^|[ ,])$1([ ,=]|\$)" <<<"$help"
}

has_command() {
  local help
  help=$("$program" --help)
  grep -qE "^ +$1( |\$)" <<<"$help"
}

# start DIR ARGUMENT...: one run of the program into DIR.
start() {
  local directory=$1
  shift
  local command=("$program" "$@" --out "$directory")
  if [ -n "$dry_run" ]; then
    echo "${command[*]}"
    return 0
  fi
  echo "bench/sweep.sh: $directory; what it says goes to $directory.log until it ends" >&2
  mkdir -p "$(dirname "$directory")"
  local log=$directory.log result=0
  "${command[@]}" >"$log" 2>&1 || result=$?
  if [ "$result" -eq 130 ]; then exit 130; fi
  if [ -d "$directory" ]; then
    mv "$log" "$directory/log.txt"
    printf '%q ' "${command[@]}" >"$directory/command.txt"
    echo >>"$directory/command.txt"
  fi
  # 1: a sample failed or is invalid; the others hold, and the table says which.
  if [ "$result" -ne 0 ]; then
    local last=''
    if [ -d "$directory" ]; then log=$directory/log.txt; fi
    last=$(tail -n 1 "$log")
    echo "bench/sweep.sh: $directory: the program ended with $result: $last" >&2
    note_status 1
  fi
  [ "$result" -le 1 ] && [ -f "$directory/samples.jsonl" ] && conclude "$directory"
  return 0
}

# conclude DIR: what can be said of a finished study.
conclude() {
  if ! "$program" report "$1" --format answers >"$1/answers.txt" 2>>"$1/log.txt"; then note_status 1; fi
  if has_command doctor; then "$program" doctor >"$1/doctor.txt" 2>&1 || true; fi
  [ -n "$figures" ] || return 0
  if ! /usr/bin/python3 bench/figures.py --program "$program" "$1" >>"$1/log.txt" 2>&1; then
    echo "bench/sweep.sh: $1: no figures: $(tail -n 1 "$1/log.txt")" >&2
    note_status 1
  fi
}

# lacks STUDY OPTION...: says which option the program has not.
lacks() {
  local study=$1 option
  shift
  for option in "$@"; do
    if ! has_option "$option"; then
      echo "bench/sweep.sh: $study: this program has no option $option; left out" >&2
      note_status 3
      return 0
    fi
  done
  return 1
}

r() { printf '%s' "${reps:-$1}"; }
d() { printf '%s' "${duration:-$1}"; }

sizes_to_1m=64,128,256,512,1K,2K,4K,8K,16K,32K,64K,128K,256K,512K,1M

study_smoke() {
  start "$out/smoke" --mode pthread-two-copy,pthread-gather,uring-send-zc --size 256,4K,64K \
    --reps "$(r 8)" --duration "$(d 300ms)" --warmup 100ms
}

study_classic() {
  local modes=pthread-two-copy,pthread-gather,pthread-msg-zerocopy
  start "$out/classic" --mode "$modes" --size 64,128,256,512 --clients 1,2,4,8 \
    --reps "$(r 8)" --duration "$(d 5s)" --warmup 500ms
  start "$out/classic-large" --mode "$modes" --size "$sizes_to_1m" --clients 1 \
    --reps "$(r 8)" --duration "$(d 1s)"
}

study_crossover() {
  start "$out/crossover" --size "$sizes_to_1m" --reps "$(r 10)" --duration "$(d 500ms)" \
    --mode pthread-two-copy,pthread-gather,pthread-msg-zerocopy,uring-two-copy,uring-fixed,uring-send-zc-fixed
}

study_ring_features() {
  if lacks ring-features --ring; then return 0; fi
  start "$out/ring-setups" --mode uring-two-copy,uring-send-zc --size 64,4K,64K \
    --ring plain,coop,defer,sqpoll --reps "$(r 8)" --duration "$(d 1s)"
  if ! has_command ablate; then
    echo "bench/sweep.sh: ring-features: this program has no command ablate; left out" >&2
    note_status 3
    return 0
  fi
  start "$out/ring-features" ablate --mode uring-two-copy --size 4K --reps "$(r 8)" \
    --duration "$(d 1s)"
}

study_receive() {
  if lacks receive --recv --workload; then return 0; fi
  start "$out/receive-pthread" --workload upload --mode pthread \
    --recv recv,trunc,zerocopy-mmap --size 64,4K,64K,256K --reps "$(r 8)" --duration "$(d 1s)"
  start "$out/receive-uring" --workload upload --mode uring --size 64,4K,64K,256K \
    --recv single,multishot,bundle,incremental,read-fixed,trunc --reps "$(r 8)" \
    --duration "$(d 1s)"
}

study_latency() {
  if lacks latency --rate --workload; then return 0; fi
  local modes=pthread-two-copy,epoll-two-copy,uring-two-copy,uring-send-zc
  start "$out/latency" --workload rr --mode "$modes" --size 64,4K,64K --clients 1,2,4,8 \
    --reps "$(r 8)" --duration "$(d 2s)"
  start "$out/latency-open" --workload rr --mode "$modes" --size 64,4K --clients 8 \
    --rate 5000,10000,20000 --gaps poisson --reps "$(r 8)" --duration "$(d 2s)"
}

# Over TCP each send has packets of its own: where several share one, SEND_ZC reports copies that
# there were not (docs/zero-copy.md).
study_zero_copy() {
  if lacks zero-copy --link; then return 0; fi
  local modes=pthread-gather,pthread-msg-zerocopy,uring-gather,uring-sendmsg-zc
  modes+=,uring-bundle,uring-send-zc,uring-fixed,uring-send-zc-fixed
  local common=(--mode "$modes" --batch 1 --working-set "1M,256M" --warmup 300ms --reps "$(r 8)"
    --duration "$(d 300ms)")
  start "$out/zero-copy-udp" --link sink --size 64,256,1K,2K,4K,8K,16K,32K,64K "${common[@]}"
  start "$out/zero-copy-tcp" --link loopback,tcp-sink --size 64,1K,4K,16K,64K,256K,1M \
    --nodelay on "${common[@]}"
}

# Facts need few repetitions, thresholds eight.
study_kernels() {
  start "$out/kernels-facts" --mode all --batch 1 --size 4K,64K --link loopback,sink,tcp-sink --warmup 300ms \
    --reps "$(r 2)" --duration "$(d 200ms)"
  start "$out/kernels-thresholds" --size 256,1K,4K,16K,64K,256K --nodelay on --warmup 300ms \
    --mode pthread-two-copy,pthread-msg-zerocopy,uring-two-copy,uring-fixed,uring-send-zc,uring-send-zc-fixed \
    --reps "$(r 8)" --duration "$(d 300ms)"
}

[ -x "$program" ] || [ -n "$dry_run" ] || refuse "'$program' cannot be run; build it or name it with --program"
if [ -n "$dry_run" ] && [ ! -x "$program" ]; then
  has_option() { true; }
  has_command() { true; }
fi
for study in "${studies[@]}"; do
  case $study in
    smoke) study_smoke ;;
    classic) study_classic ;;
    crossover) study_crossover ;;
    ring-features) study_ring_features ;;
    receive) study_receive ;;
    latency) study_latency ;;
    zero-copy) study_zero_copy ;;
    kernels) study_kernels ;;
  esac
done
if [ -z "$dry_run" ]; then echo "Results are in $out" >&2; fi
exit "$status"
