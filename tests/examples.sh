#!/usr/bin/env bash
# Adds what the pages of docs/ add, in a copy of the tree, and tests it there.
set -euo pipefail
cd "$(dirname "$0")/.."

usage() {
  cat <<'USAGE'
usage: tests/examples.sh [--files]

Copies the tree to build/examples, adds to the copy every example of docs/adding-*.md and docs/links.md, from
the blocks of these pages as they stand, builds it, and runs the tests that the pages promise, and the commands
that they show.

  --files   only say which files each page adds or changes
USAGE
}

case ${1:-} in
  --help | -h) usage && exit 0 ;;
  --files) build=no ;;
  '') build=yes ;;
  *)
    echo "tests/examples.sh: '$1' is not known; --help lists the options" >&2
    exit 2
    ;;
esac

pages=(docs/adding-a-{path,receive-path,workload,factor,count,format}.md docs/links.md)
tree=$PWD/build/examples
mkdir -p "$tree"

# Files that are alike keep their time, so that only what changed is built again.
new=$(mktemp -d)
trap 'rm -rf "$new"' EXIT
git ls-files -z --cached --others --exclude-standard | tar --null --files-from=- -c | tar -x -C "$new"
for page in "${pages[@]}"; do
  (cd "$new" && /usr/bin/python3 tests/support/page_files.py . "$page" .)
done
rsync --recursive --links --perms --checksum --delete --exclude=/build "$new/" "$tree/"
[ "$build" = yes ] || exit 0

cd "$tree"
# What is tried is that the examples work, not how fast.
cmake --preset release -DURINGBENCH_TESTS=ON -DURINGBENCH_PRECOMPILED=ON \
  -DCMAKE_CXX_FLAGS_RELEASE='-O0 -DNDEBUG' >/dev/null
cmake --build --preset release --target uringbench uringbench_generated \
  test_{model,engine,receive,link,report,cli}
program=$tree/build/release/src/uringbench

# What the contract suites and the walks over the tables have for them. A pattern that finds no test fails.
for pattern in writev split 'Links.*private_lo' 'EachFactor.*server_nice|FactorWalk.*server_nice' \
  'CountsTable|Csv.EveryCount' Formats; do
  echo "=== ctest -R '$pattern'"
  ctest --preset release --no-tests=error --output-on-failure -j "$(nproc)" -R "$pattern" |
    grep -E 'tests passed|\*\*\*|FAILED|Failure'
done

# As a user would, with short windows.
scratch=$new/study
quick=(--warmup 20ms --duration 50ms --reps 2)
echo "=== the program"
"$program" --mode '*-writev' --size 64,64K --verify "${quick[@]}" --format csv >"$new/path.csv"
"$program" --mode pthread,epoll,uring --workload rr --recv split "${quick[@]}" --out "$scratch"
"$program" --mode epoll,uring --workload turns --clients 4 "${quick[@]}"
"$program" --mode pthread --server-nice 0,10 "${quick[@]}"
"$program" --mode epoll-two-copy "${quick[@]}" --format csv | sed -n 1p | tr , '\n' | grep -x wakeups
"$program" report "$scratch" --format best
grep -c ',valid,' "$new/path.csv"
