#!/usr/bin/env bash
# Prints the table of docs/statistics.md: power and false claims of the verdicts, by simulation.
#   bench/statistics.sh [SEED [STUDIES]]     default: 20261127 300, some seconds
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$root"
g++ -std=c++20 -O2 -Iinclude -Itests -Isrc/stats bench/statistics.cpp src/stats/*.cpp src/base/{check,error}.cpp -lfmt \
  -o "$scratch/statistics"
exec "$scratch/statistics" "${1:-20261127}" "${2:-300}"
