#!/usr/bin/env bash
# Measures the study that README.md shows, and puts its table there. The samples stay in
# docs/sample.jsonl.gz, so that a test can tell whether the program still prints them so.
#
#   bench/readme.sh            measures anew (two minutes), then writes the table
#   bench/readme.sh --table    writes the table of the samples that are there
#   bench/readme.sh --check    fails where README.md has another table
set -euo pipefail
cd "$(dirname "$0")/.."
program=${URINGBENCH:-build/release/src/uringbench}
options=(--mode 'pthread,epoll,uring-fixed,uring-bundle,uring-send-zc-fixed' --size '64,64K' --reps 5)

case ${1:-} in
  '' | --table | --check) ;;
  *)
    echo "bench/readme.sh: '$1' is not known; it takes --table or --check" >&2
    exit 2
    ;;
esac

study=$(mktemp -d)
trap 'rm -rf "$study"' EXIT
if [ -z "${1:-}" ]; then
  "$program" "${options[@]}" --out "$study" > /dev/null
  gzip -9n < "$study/samples.jsonl" > docs/sample.jsonl.gz
else
  gunzip < docs/sample.jsonl.gz > "$study/samples.jsonl"
fi

# The answer and the tables; crossovers and notes, which follow, would make a page of their own.
report() {
  "$program" report "$study" | sed '/^Crossovers of/,$d'
  echo '[crossovers, noise, and what each word means]'
}

# README.md with the output of the program between its two marks.
table=$study/README.md
COMMAND="uringbench ${options[*]}" OUTPUT=$(report) awk '
  /^<!-- sample: / {
    print $0 "\n\n`" ENVIRON["COMMAND"] "`:\n\n```\n" ENVIRON["OUTPUT"] "\n```\n"
    inside = 1
  }
  /^<!-- end of sample -->/ { inside = 0 }
  !inside
' README.md > "$table"

if [ "${1:-}" = --check ]; then
  diff -u README.md "$table" || {
    echo "README.md shows another table than the program prints: bench/readme.sh --table" >&2
    exit 1
  }
else
  cat "$table" > README.md
fi
