#!/usr/bin/env bash
# Installs what is missing, builds, and runs the whole test suite.
set -euo pipefail
cd "$(dirname "$0")/.."

usage() {
  cat <<'USAGE'
usage: tests/run.sh [--preset NAME]

Installs with apt the packages that are missing, builds, and runs the whole test suite.

  --preset NAME   release (the default), debug, or sanitize (address and undefined behaviour)
  --help          this text

CTEST_PARALLEL_LEVEL sets how many tests run at once; the default is the number of CPUs.
USAGE
}

preset=release
while [ $# -gt 0 ]; do
  case $1 in
    --preset)
      preset=${2:-}
      shift $(($# > 1 ? 2 : 1))
      ;;
    --preset=*)
      preset=${1#*=}
      shift
      ;;
    --help | -h)
      usage
      exit 0
      ;;
    *)
      echo "tests/run.sh: '$1' is not known; --help lists the options" >&2
      exit 2
      ;;
  esac
done
case $preset in
  release | debug | sanitize) ;;
  *)
    echo "tests/run.sh: --preset '$preset': expected release, debug or sanitize" >&2
    exit 2
    ;;
esac

cmake/install_packages.sh build test
# A quick start may have configured the same folder without the tests.
cmake --preset "$preset" -DURINGBENCH_TESTS=ON -DURINGBENCH_MICROBENCH=ON
cmake --build --preset "$preset"
export CTEST_PARALLEL_LEVEL="${CTEST_PARALLEL_LEVEL:-$(nproc)}"
ctest --preset "$preset"
