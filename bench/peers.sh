#!/usr/bin/env bash
# The program beside its peers: the same work, on the same CPUs, in turn.
set -euo pipefail
cd "$(dirname "$0")/.."

usage() {
  cat <<'USAGE'
usage: bench/peers.sh [--json FILE] [WORK...]

Builds, runs the program's modes and its peers in rounds, each round in a new drawn order, and prints
for each arm the median [least, most], the CPU time of both ends, and the ratio to the best peer,
taken within each round. What is not alike between two arms stands beneath the table.

  stream   one connection, 64 B, 4 KiB, 64 KiB and 1 MiB
  many     8 connections, 64 KiB
  rr       64 B requests and responses: 1, 64 and 1000 connections, and 1 with both ends spinning
  udp      datagrams of 4 KiB and 60,000 B into a device that drops them
  (without WORK: all of these)

iperf3 and sockperf come from Debian and are installed when they are missing; the bare loops are
built from bench/baseline. Other peers take part when you say where they are:

  NEPER=DIR              with tcp_stream, tcp_rr and tcp_crr
  NETPERF=DIR            with netperf and netserver
  LIBURING_EXAMPLES=DIR  with send-zerocopy and echo-server
  FIO=FILE               fio
  ECHO_SERVER=COMMAND    any echo server; {port} in it becomes the port

  --json FILE       writes every run to FILE
  REPS=5            rounds
  DURATION_MS=1000  measured window of a run; peers that take only seconds get whole ones
  SEED=1            draws the order

Everything runs in a network namespace of its own (root, or user namespaces), whose routes ask
for cubic; nothing of the host is changed. Ctrl-C ends what is running and prints what
is there. Ends with 0 when every arm ran, 1 when one did not, 130 when interrupted.
USAGE
}

for argument in "$@"; do
  case $argument in
    --help | -h)
      usage
      exit 0
      ;;
  esac
done

cmake/install_packages.sh peers
bench/build.sh uringbench send_loop recv_loop rr_server rr_client
namespace=(unshare --net)
if [ "$(id -u)" -ne 0 ]; then namespace=(unshare --map-root-user --net); fi
if ! "${namespace[@]}" true 2>/dev/null; then
  echo "bench/peers.sh: a network namespace cannot be made here; run it as root, or allow user" \
    "namespaces (sysctl kernel.unprivileged_userns_clone=1, user.max_user_namespaces)" >&2
  exit 1
fi
exec "${namespace[@]}" python3 bench/peers.py build/release "$@"
