#!/usr/bin/env bash
# The image of Containerfile, built and run by Podman as a stranger would, under a container's defaults and under what
# lifts them.
set -euo pipefail
cd "$(dirname "$0")/.."

usage() {
  cat <<'USAGE'
usage: tests/containerfile.sh [--program FILE]

Builds the image of Containerfile with Podman and runs it with the default seccomp profile and with the one that
bench/containers/seccomp.py makes. Debian's image is made with debootstrap (build/clean-root), so no registry is
asked. Needs root; takes as long as a build of the program and ends after half an hour at the latest. Podman's
storage is a temporary folder, and its mounts are in a mount namespace: nothing is left.

  --program FILE   a program that is built already, instead of compiling one: all other steps run as they are written
  --help           this text
USAGE
}

program=
while [ $# -gt 0 ]; do
  case $1 in
    --help | -h) usage && exit 0 ;;
    --program) program=$(realpath -e "${2:?--program needs a file}") && shift 2 ;;
    *)
      echo "tests/containerfile.sh: '$1' is not known; --help lists the options" >&2
      exit 2
      ;;
  esac
done
if [ "$(id -u)" -ne 0 ]; then
  echo "tests/containerfile.sh: debootstrap and Podman's mounts need root: sudo tests/containerfile.sh" >&2
  exit 2
fi

# podmans_groups: the control groups that Podman makes and leaves, empty, when its last container has ended.
podmans_groups() {
  find /sys/fs/cgroup -depth -type d -path '*/libpod_parent*'
}

if [ -z "${IN_NAMESPACE:-}" ]; then
  cmake/install_packages.sh engine
  scratch=$(mktemp -d)
  had_groups=$(podmans_groups)
  # Groups that were there before belong to somebody else's containers.
  trap 'rm -rf "$scratch"; [ -n "$had_groups" ] || podmans_groups | xargs -r rmdir' EXIT
  # In a mount namespace, what Podman mounts ends with it, and in a PID namespace, what it starts.
  root=$(tests/support/clean_root.sh)
  IN_NAMESPACE=1 scratch=$scratch root=$root timeout 1800 \
    unshare --mount --pid --fork --kill-child --mount-proc "$0" ${program:+--program "$program"}
  exit
fi

# settings: Podman's own, with storage in the scratch folder, and no limit above what this machine allows.
settings() {
  local files
  files=$(ulimit -Hn)
  cat >"$scratch/storage.conf" <<CONF
[storage]
driver = "overlay"
graphroot = "$scratch/storage"
runroot = "$scratch/run"
CONF
  cat >"$scratch/containers.conf" <<CONF
[containers]
default_ulimits = ["nofile=$files:$files", "nproc=8192:8192"]
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "none"
tmp_dir = "$scratch/tmp"
CONF
  export CONTAINERS_STORAGE_CONF=$scratch/storage.conf CONTAINERS_CONF=$scratch/containers.conf
}

# base_image: debian:12 of the clean root, with this machine's settings for apt.
base_image() {
  local own=() file
  for file in /etc/apt/apt.conf.d/99*; do [ ! -e "$file" ] || own+=("${file#/}"); done
  tar --one-file-system -cf "$scratch/base.tar" -C "$root" . -C / "${own[@]}"
  podman import --quiet "$scratch/base.tar" localhost/debian:12 >/dev/null
  rm "$scratch/base.tar"
}

# stand_in: a cmake that configures, and instead of compiling puts the program where the build would.
stand_in() {
  cat >"$scratch/cmake" <<'CMAKE'
#!/bin/sh
[ "$1" = --build ] || exec /usr/bin/cmake "$@"
mkdir -p build/release/src && cp /given-program build/release/src/uringbench
CMAKE
  chmod +x "$scratch/cmake"
}

# run OPTION... -- ARGUMENT...: the image, without a network.
run() {
  local options=()
  while [ "$1" != -- ]; do options+=("$1") && shift; done
  shift
  timeout 120 podman run --rm --network none "${options[@]}" localhost/uringbench "$@"
}

# says FILE PATTERN: whatever the line breaks.
says() {
  tr -s ' \n' ' ' <"$scratch/$1" | grep -qE "$2" && return
  echo "FAILED: '$2' is not in:"
  cat "$scratch/$1"
  exit 1
}

settings
base_image
extra=()
if [ -n "$program" ]; then
  stand_in
  extra=(--volume "$scratch/cmake:/usr/local/bin/cmake:ro" --volume "$program:/given-program:ro")
fi
podman build --network host --build-arg DEBIAN=localhost/debian:12 "${extra[@]}" --tag localhost/uringbench . \
  >"$scratch/log" 2>&1 || { tail -n 40 "$scratch/log" && exit 1; }
echo "the image: $(podman image inspect --format '{{.Size}}' localhost/uringbench) bytes," \
  "Debian's: $(podman image inspect --format '{{.Size}}' localhost/debian:12)"

short=(--size 4K --reps 2 --warmup 20ms --duration 50ms)
mkdir "$scratch/results"
run -- --version
run -- doctor --quick >"$scratch/doctor"
says doctor 'severe io_uring: io_uring_setup: (ENOSYS|EPERM): .*seccomp profile'
status=0
run -- --mode uring-two-copy "${short[@]}" 2>"$scratch/refusal" || status=$?
[ "$status" -eq 2 ]
says refusal "'uring-two-copy' cannot be had here: .*seccomp profile"

bench/containers/seccomp.py --output "$scratch/seccomp.json"
lifted=(--security-opt "seccomp=$scratch/seccomp.json" --volume "$scratch/results:/results")
run "${lifted[@]}" -- doctor --quick >"$scratch/doctor"
says doctor 'io_uring \(allowed: a ring was made\)'
# A busy machine may make so short a sample invalid, which is 1.
run "${lifted[@]}" -- --mode epoll-two-copy,uring-two-copy "${short[@]}" --out study >"$scratch/table" || [ $? -eq 1 ]
run "${lifted[@]}" -- report study --format csv >"$scratch/csv"
says csv 'uring-two-copy'
test -s "$scratch/results/study/samples.jsonl"
if grep -qE '"status":"(unavailable|failed)"' "$scratch/results/study/samples.jsonl"; then
  cat "$scratch/table"
  exit 1
fi
podman run --rm --network none --entrypoint sh localhost/uringbench -c \
  'for left in /source /image /tmp/packages /usr/bin/g++; do [ ! -e $left ] || echo "$left is left"; done; echo looked' \
  >"$scratch/left"
says left '^looked $'
echo "built, refused io_uring by default, measured it with the profile"
