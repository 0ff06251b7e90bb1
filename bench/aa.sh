#!/usr/bin/env bash
# How often does the tool call a difference between a thing and itself?
set -euo pipefail
cd "$(dirname "$0")/.."

usage() {
  cat <<'USAGE'
usage: bench/aa.sh [PROGRAM]

Runs five studies whose A/A arm measures one mode twice at four sizes, eight times each: 20
comparisons of a thing with itself, about three minutes. Judges them as any others and prints how
many were called faster or slower. At most one may be (5 %): ends with 1 if it is more.

  REPS=8 DURATION=200ms  of each study
USAGE
}

case ${1:-} in
  --help | -h)
    usage
    exit 0
    ;;
  -*)
    usage >&2
    exit 2
    ;;
esac
program=${1:-build/release/src/uringbench}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

modes=(pthread-two-copy pthread-gather epoll-two-copy uring-two-copy uring-fixed)
rows=0
false_claims=0
for mode in "${modes[@]}"; do
  # 1: a sample was invalid; the others hold.
  "$program" --mode "$mode" --size 64,1K,16K,64K --reps "${REPS:-8}" \
    --duration "${DURATION:-200ms}" --warmup 100ms --seed "$RANDOM" --out "$scratch/$mode" \
    >/dev/null || [ $? -eq 1 ]
  python3 bench/aa.py "$scratch/$mode" "$scratch/$mode-aa"
  table=$("$program" report "$scratch/$mode-aa")
  while read -r name _ _ ratio interval_low interval_high verdict _; do
    [[ $name == *-again ]] || continue
    case $verdict in
      same | undecided)
        rows=$((rows + 1))
        ;;
      faster | slower)
        rows=$((rows + 1))
        false_claims=$((false_claims + 1))
        echo "$name: $ratio $interval_low $interval_high $verdict"
        ;;
      *) ;; # a row of another table
    esac
  done <<<"$table"
done

if [ "$rows" -eq 0 ]; then
  echo "bench/aa.sh: no study has an A/A arm; use more repetitions (REPS=8)" >&2
  exit 1
fi
echo "$false_claims of $rows A/A comparisons were called different"
[ $((false_claims * 20)) -le "$rows" ]
