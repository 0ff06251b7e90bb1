#!/usr/bin/env bash
# What the sampler of --profile costs at 4 KiB, on this machine.
set -euo pipefail
cd "$(dirname "$0")/.."

usage() {
  cat <<'USAGE'
usage: bench/sampler_cost.sh

Runs three modes at 4 KiB, each repetition with the sampler of both roles and without it, in a drawn
order and with the same counters, and prints the median ratio of message rates with its 95 % interval:
what the sampler takes of throughput. The target is under 2 %. Beside it the same of the CPU time a
message, of either role, which a busy machine disturbs less. Ends with 0 when everything ran, met or
not. Leave the machine alone meanwhile.

  REPS=40          repetitions; an interval narrower than the target takes about as many
  DURATION=500ms   measured window of each
  PROGRAM=build/release/src/uringbench
USAGE
}

case ${1:-} in
  '') ;;
  --help | -h)
    usage
    exit 0
    ;;
  *)
    usage >&2
    exit 2
    ;;
esac

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
"${PROGRAM:-build/release/src/uringbench}" --mode pthread-two-copy,epoll-two-copy,uring-two-copy \
  --size 4K --reps "${REPS:-40}" --duration "${DURATION:-500ms}" --profile \
  --counters cycles,instructions --out "$scratch/study" >/dev/null
exec python3 bench/sampler_cost.py "$scratch/study/samples.jsonl"
