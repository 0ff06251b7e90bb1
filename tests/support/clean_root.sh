#!/usr/bin/env bash
# Prints the folder of a clean Debian 12, build/clean-root/system, which it makes with debootstrap where it is not
# there yet. It is never written to: who uses it works in an overlay or a copy. Ends with 77 where it cannot be made.
set -euo pipefail
umask 022
cd "$(dirname "$0")/../.."
root=$PWD/build/clean-root
if [ ! -e "$root/complete" ]; then
  log=$(mktemp)
  trap 'rm -f "$log"' EXIT
  rm -rf "$root"
  mkdir -p "$root"
  # From where this machine has its own packages.
  # shellcheck disable=SC2016 # apt's own placeholder
  mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Codename: bookworm' | head -n 1)
  debootstrap --variant=minbase bookworm "$root/system" "${mirror:-http://deb.debian.org/debian}" >"$log" 2>&1 || {
    tail -n 3 "$log" >&2
    echo "skipped: debootstrap can make no clean root here" >&2
    exit 77
  }
  touch "$root/complete"
fi
echo "$root/system"
