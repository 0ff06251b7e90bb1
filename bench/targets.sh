#!/usr/bin/env bash
# How the program stands against its own performance targets, on this machine.
set -euo pipefail
cd "$(dirname "$0")/.."

usage() {
  cat <<'USAGE'
usage: bench/targets.sh

Builds, measures, and prints for each performance target whether it is met here. The two sides of a
ratio take turns; a ratio is the median over pairs of neighbouring runs, with the least and the most.
Ends with 0 when everything ran, met or not. Leave the machine alone meanwhile.

  REPS=5           runs of each side
  DURATION_MS=1000 measured window of a run, after 200 ms of warm-up
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

bench/build.sh uringbench send_loop recv_loop
exec python3 bench/targets.py build/release
