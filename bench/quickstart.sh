#!/usr/bin/env bash
# From a fresh checkout to a first answer: installs what is missing, builds, and runs the default
# comparison.
set -euo pipefail
cd "$(dirname "$0")/.."

if [ $# -gt 0 ]; then
  echo "usage: bench/quickstart.sh"
  echo "Installs with apt what is missing, builds, and runs the default comparison (under a minute)."
  case $1 in --help | -h) exit 0 ;; *) exit 2 ;; esac
fi

cmake/install_packages.sh build
if [ -f build/release/CMakeCache.txt ]; then
  cmake --preset release >/dev/null
else
  # The tests would need more packages.
  cmake --preset release -DURINGBENCH_TESTS=OFF -DURINGBENCH_MICROBENCH=OFF >/dev/null
fi
echo "Building: a few minutes the first time" >&2
cmake --build --preset release --target uringbench >&2

results=results/$(date +%Y%m%d-%H%M%S)
build/release/src/uringbench --out "$results"
echo
echo "Results are in $results; the same tables again: build/release/src/uringbench report $results"
