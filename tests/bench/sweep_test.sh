#!/usr/bin/env bash
# bench/sweep.sh: the smoke study runs for real, shortened, and leaves what it promises; every study
# has commands; bad usage is refused.
#   sweep_test.sh PROGRAM
set -euo pipefail
cd "$(dirname "$0")/../.."
program=$1
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

fail() {
  echo "sweep_test.sh: $1" >&2
  exit 1
}

result=0
bench/sweep.sh --program "$program" --out "$scratch/out" --reps 2 --duration 150ms smoke || result=$?
# 1: a sample is invalid, which a busy machine may do to so short a window; the files must be there.
[ "$result" -le 1 ] || fail "the smoke study ended with $result"
for file in samples.jsonl results.csv table.txt thresholds.json report.html answers.txt command.txt log.txt \
  figures/throughput.svg figures/throughput.png; do
  [ -s "$scratch/out/smoke/$file" ] || fail "the smoke study left no $file"
done
grep -q pthread-gather "$scratch/out/smoke/figures/throughput.svg" || fail "the figure names no mode"

for study in smoke classic crossover ring-features receive latency zero-copy kernels; do
  result=0
  bench/sweep.sh --dry-run --program "$program" --out "$scratch/none" "$study" >"$scratch/commands" \
    2>"$scratch/said" || result=$?
  [ "$result" -eq 0 ] || [ "$result" -eq 3 ] || fail "a dry run of $study ended with $result"
  [ -s "$scratch/commands" ] || [ -s "$scratch/said" ] || fail "a dry run of $study says nothing"
done
[ ! -e "$scratch/none" ] || fail "a dry run left something behind"

for bad in nonsense --nonsense --reps; do
  result=0
  bench/sweep.sh "$bad" 2>"$scratch/said" || result=$?
  [ "$result" -eq 2 ] || fail "'$bad' ended with $result"
  [ "$(wc -l <"$scratch/said")" -eq 1 ] || fail "'$bad' is refused in more than one line"
done
