#!/usr/bin/env bash
# Builds the fuzz targets with clang-14 and runs each for some seconds:
#   tests/fuzz/run.sh [--seconds N] [TARGET…]     N a target, 4 without; an hour: --seconds 3600
# What is found stays in build/fuzz/findings, with the command that shows it again. New inputs that
# reached new code stay in build/fuzz/corpus, and are begun with the next time.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
all=(channel role runner agent_link recording plan_file argv perf_records)
seconds=4
targets=()

usage() {
  echo "usage: tests/fuzz/run.sh [--seconds N] [TARGET…]; targets: ${all[*]}" >&2
  exit 2
}

while [ $# -gt 0 ]; do
  case $1 in
    --seconds)
      [[ ${2:-} =~ ^[1-9][0-9]*$ ]] || usage
      seconds=$2
      shift 2
      ;;
    *)
      [[ " ${all[*]} " == *" $1 "* ]] || usage
      targets+=("$1")
      shift
      ;;
  esac
done
[ ${#targets[@]} -gt 0 ] || targets=("${all[@]}")

"$root/cmake/install_packages.sh" build fuzz
cd "$root"
cmake --preset fuzz -Wno-dev >/dev/null
cmake --build build/fuzz -j"$(nproc)" --target "${targets[@]/#/fuzz_}" >build/fuzz/build.log ||
  { cat build/fuzz/build.log && exit 1; }

# fuzz TARGET: whether it ran its time without a finding. -timeout: an input that takes longer hangs.
fuzz() {
  local target=$1 corpus=build/fuzz/corpus/$1 findings=build/fuzz/findings/$1 log
  mkdir -p "$corpus" "$findings"
  log=$findings/log
  if "build/fuzz/tests/fuzz/fuzz_$target" -max_total_time="$seconds" -timeout=25 -rss_limit_mb=3000 \
    -max_len=65536 -artifact_prefix="$findings/" -print_final_stats=1 \
    "$corpus" "tests/fuzz/corpus/$target" >"$log" 2>&1; then
    echo "$target: nothing found in $(sed -n 's/^stat::number_of_executed_units: *//p' "$log") inputs"
    return 0
  fi
  echo "$target: FOUND"
  grep -E '^(==|SUMMARY|uringbench|.*runtime error)|Test unit written' "$log" | tail -n 12 || tail -n 12 "$log"
  echo "  again: build/fuzz/tests/fuzz/fuzz_$target FILE, of those in $findings"
  return 1
}

verdict=0
for target in "${targets[@]}"; do
  fuzz "$target" || verdict=1
done
exit $verdict
