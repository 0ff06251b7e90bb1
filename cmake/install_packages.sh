#!/usr/bin/env bash
# Installs with apt what is missing of the packages that cmake/packages.txt lists for the given
# uses. Says what it does; does nothing when nothing is missing.
#   cmake/install_packages.sh build test
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

# packages_for USE...: the names listed for these uses.
packages_for() {
  local use
  for use in "$@"; do
    awk -v use="$use" '$1 == use { print $2 }' "$here/packages.txt"
  done
}

# uses: build|test|...
uses() {
  awk '/^[a-z]/ && !seen[$1]++ { printf "%s%s", sep, $1; sep = "|" }' "$here/packages.txt"
}

is_installed() {
  [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    env DEBIAN_FRONTEND=noninteractive "$@"
  else
    sudo env DEBIAN_FRONTEND=noninteractive "$@"
  fi
}

if [ $# -eq 0 ]; then
  echo "usage: cmake/install_packages.sh $(uses) ..." >&2
  exit 2
fi
mapfile -t wanted < <(packages_for "$@")
if ! command -v apt-get >/dev/null; then
  echo "There is no apt here. If the build stops, install what these Debian packages hold:" \
    "${wanted[*]}" >&2
  exit 0
fi

missing=()
for package in "${wanted[@]}"; do
  is_installed "$package" || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0

if [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null; then
  echo "These packages are missing, and there is no sudo to install them with. As root:" >&2
  echo "  apt-get install --no-install-recommends ${missing[*]}" >&2
  exit 1
fi
echo "Installing with apt: ${missing[*]}" >&2
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# A source that cannot be reached is no reason to stop: the packages may be had from another.
as_root apt-get update -qq >"$log" 2>&1 || echo "apt-get update failed; trying the old lists" >&2
if ! as_root apt-get install -y --no-install-recommends "${missing[@]}" >"$log" 2>&1; then
  cat "$log" >&2
  exit 1
fi
