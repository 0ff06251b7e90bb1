#!/usr/bin/env bash
# Downloads and unpacks Debian's kernels; installs nothing.
set -euo pipefail

usage() {
  cat <<'USAGE'
usage: bench/kernels/fetch.sh [--dir DIR] KERNEL...

Downloads with apt the newest Debian kernel of each name, unpacks it below DIR without installing it, and prints
the folder, which the other scripts of bench/kernels take as a kernel.

  KERNEL      VERSION[-FLAVOUR]: 6.1, 6.1-cloud, 6.1-rt, 6.12, 6.12-cloud, 6.12-rt, or whatever else apt knows;
              or the full name of a package, linux-image-...
  --dir DIR   where they go (default: build/kernels)

A kernel that is there already is not fetched again.
USAGE
}

# package_of VERSION[-FLAVOUR]: the newest package that apt knows.
package_of() {
  local version=${1%%-*} flavour=''
  [ "$version" = "$1" ] || flavour=${1#*-}-
  # 6.1.0-56-cloud-amd64 and 6.12.117+deb12-cloud-amd64: the ABI or the point release comes first.
  apt-cache search --names-only "^linux-image-${version//./\\.}\.[0-9]+[-+][a-z]*[0-9]+-${flavour}amd64\$" |
    cut -d' ' -f1 | sort -V | tail -1
}

main() {
  local dir=build/kernels kernels=()
  while [ $# -gt 0 ]; do
    case $1 in
      --dir) dir=${2:?--dir needs a folder} && shift 2 ;;
      --help | -h) usage && exit 0 ;;
      -*)
        echo "fetch.sh: '$1' is not known; --help lists the options" >&2
        exit 2
        ;;
      *) kernels+=("$1") && shift ;;
    esac
  done
  if [ ${#kernels[@]} -eq 0 ]; then
    usage >&2
    exit 2
  fi
  mkdir -p "$dir"
  dir=$(cd "$dir" && pwd)
  local kernel package
  for kernel in "${kernels[@]}"; do
    package=$kernel
    [[ $kernel == linux-image-* ]] || package=$(package_of "$kernel")
    if [ -z "$package" ]; then
      echo "fetch.sh: apt knows no kernel '$kernel'; 'apt-get update', or name a package that" \
        "'apt-cache search linux-image' lists" >&2
      exit 1
    fi
    fetch "$package" "$dir/$kernel"
    echo "$dir/$kernel"
  done
}

# fetch PACKAGE FOLDER
fetch() {
  local package=$1 folder=$2 scratch
  [ -e "$folder/boot" ] && return
  scratch=$(mktemp -d "$folder.XXXXXX")
  # shellcheck disable=SC2064 # the folder of now
  trap "rm -rf '$scratch'" EXIT
  # apt drops its rights for a download, and then could not write here.
  (cd "$scratch" && apt-get -o APT::Sandbox::User=root download "$package" >&2)
  dpkg-deb --extract "$scratch"/*.deb "$scratch/tree"
  rm -rf "$folder"
  mv "$scratch/tree" "$folder"
  rm -rf "$scratch"
  trap - EXIT
}

main "$@"
