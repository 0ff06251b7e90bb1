#!/usr/bin/env bash
# Builds the targets named, in the Release build that the scripts beside this one measure. Installs
# with apt what is missing.
set -euo pipefail
cd "$(dirname "$0")/.."
cmake/install_packages.sh build bench
if [ -f build/release/CMakeCache.txt ]; then
  cmake --preset release >/dev/null
else
  cmake --preset release -DURINGBENCH_TESTS=OFF -DURINGBENCH_MICROBENCH=OFF >/dev/null
fi
cmake --build --preset release --target "$@" >&2
