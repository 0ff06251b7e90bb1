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

cmake/install_packages.sh build bench
if [ -f build/release/CMakeCache.txt ]; then
  cmake --preset release >/dev/null
else
  cmake --preset release -DURINGBENCH_TESTS=OFF -DURINGBENCH_MICROBENCH=OFF >/dev/null
fi
cmake --build --preset release --target uringbench send_loop recv_loop >&2
exec python3 bench/targets.py build/release
