#!/usr/bin/env bash
# Instructions that the engines spend on a message, outside the kernel.
set -euo pipefail
cd "$(dirname "$0")/.."

usage() {
  cat <<'USAGE'
usage: bench/instructions.sh

Runs the loops of pthread and epoll under callgrind and prints the instructions of user space and the system
calls of a message of 64 B. They hardly depend on what else the machine does, so that a change of the
hot loops shows here when a stopwatch cannot tell. docs/peers.md holds earlier ones.

The loop of uring has no row: valgrind lets no other thread run while one waits in io_uring_enter(2),
so that a run often never ends.

  MESSAGES=20000  of each row
USAGE
}

case ${1:-} in
  '') ;;
  --help | -h)
    usage
    exit 0
    ;;
  *)
    usage >&2
    exit 2
    ;;
esac

cmake/install_packages.sh instructions
bench/build.sh one_engine
messages=${MESSAGES:-20000}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# row LOOP ENGINE WORKLOAD CONNECTIONS: LOOP is the function that serves until all is done.
row() {
  local loop=$1 engine=$2 workload=$3 connections=$4 printed sent calls instructions
  rm -f "$scratch"/*
  # The load is a child of it, and writes a file of its own, in which nothing was collected.
  if ! printed=$(timeout -k 5 100 valgrind --quiet --tool=callgrind \
    --callgrind-out-file="$scratch/%p" --toggle-collect="$loop" \
    build/release/bench/instructions/one_engine \
    "$engine" "$workload" 64 "$connections" "$messages"); then
    echo "bench/instructions.sh: $engine $workload $connections did not run" >&2
    return 1
  fi
  read -r sent calls <<<"$printed"
  instructions=$(cat "$scratch"/* | awk '$1 == "totals:" { sum += $2 } END { printf "%.0f", sum }')
  awk -v engine="$engine" -v workload="$workload" -v connections="$connections" -v sent="$sent" \
    -v calls="$calls" -v instructions="$instructions" 'BEGIN {
      printf "%-8s %-8s %11d %21.0f %21.2f\n", engine, workload, connections, instructions / sent,
        calls / sent
    }'
}

printf '%-8s %-8s %11s %21s %21s\n' engine workload connections 'instructions/message' \
  'system calls/message'
row 'ub::engine::PthreadEngine::Client::serve()' pthread stream 1
row 'ub::engine::PthreadEngine::Client::serve()' pthread rr 1
row 'ub::engine::EpollEngine::run()' epoll stream 1
for connections in 1 64 1000; do
  row 'ub::engine::EpollEngine::run()' epoll rr "$connections"
done
