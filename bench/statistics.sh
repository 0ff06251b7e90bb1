#!/usr/bin/env bash
# Prints the table of docs/statistics.md: power and false claims of the verdicts, by simulation.
#   bench/statistics.sh [SEED [STUDIES]]     default: 7777 300, some seconds
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
sources=(src/stats/{moderated,compare,permutation,interval,quantile,bootstrap,power,spread}.cpp
  src/base/check.cpp)
cd "$root"
g++ -std=c++20 -O2 -Iinclude -Itests -Isrc/stats bench/statistics.cpp "${sources[@]}" -lfmt \
  -o "$scratch/statistics"
exec "$scratch/statistics" "${1:-7777}" "${2:-300}"
