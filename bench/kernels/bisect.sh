#!/usr/bin/env bash
# git bisect over kernels by what a study says.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)

usage() {
  cat <<'USAGE'
usage: bench/kernels/bisect.sh [options] GOOD BAD -- STUDY...

Run in a git tree of the kernel. Finds the first commit between GOOD and BAD with which the study differs from that
of GOOD: builds and boots a commit, runs `uringbench STUDY...` in it, and compares. Ends with what `git bisect`
ends with; the tree is left where it was.

  --by facts|speed   facts (the default): uringbench compare --fail-if-facts-differ, which holds under emulation, too.
                     speed: --fail-if-slower, for a host whose KVM works; what is not clear is skipped
  --limit SHARE      of --by speed (default: 5%)
  --build COMMAND    makes arch/x86/boot/bzImage of the commit that is checked out
                     (default: make olddefconfig, then make bzImage with all CPUs)
  --boot COMMAND     instead of bench/kernels/run.sh: runs with the tree, an empty folder and the study as arguments,
                     and leaves FOLDER/samples.jsonl; 125: this commit cannot be told
  --program FILE     (default: build/release/src/uringbench)
  --keep DIR         keeps the studies there, one folder for each commit

A commit that does not build, does not boot or gives no study is skipped (125 of `git bisect run`).
USAGE
}

fail() {
  echo "bisect.sh: $*" >&2
  exit 2
}

# The default build and boot; both may fail, and then the commit is skipped.
default_build() {
  make -s olddefconfig && make -s -j"$(nproc)" bzImage
}

# default_boot TREE FOLDER STUDY...
default_boot() {
  local tree=$1 folder=$2 scratch status=0
  shift 2
  scratch=$(mktemp -d)
  "$here/run.sh" --program "$program" --job study --out "$scratch" "$tree" -- "$@" >&2 || status=$?
  cp -r "$scratch/$(basename "$tree")/study/." "$folder" 2>/dev/null || status=125
  rm -rf "$scratch"
  return "$status"
}

# study_of FOLDER: builds and boots what is checked out. 125 where that gives no study.
study_of() {
  local folder=$1
  mkdir -p "$folder"
  if [ -n "$build" ]; then sh -c "$build" >&2 || return 125; else default_build >&2 || return 125; fi
  if [ -n "$boot" ]; then
    # shellcheck disable=SC2086 # a command and its arguments
    $boot "$tree" "$folder" "${study[@]}" >&2 || return 125
  else
    # 1: a sample failed; the others hold, and compare says what is missing.
    default_boot "$tree" "$folder" "${study[@]}" || [ $? -eq 1 ] || return 125
  fi
  [ -s "$folder/samples.jsonl" ] || return 125
}

# One commit of `git bisect run`: 0 as GOOD, 1 other, 125 cannot be told.
step() {
  local folder status=0
  folder=$studies/$(git rev-parse --short=12 HEAD)
  rm -rf "$folder"
  study_of "$folder" || return 125
  if [ "$by" = facts ]; then
    "$program" compare "$studies/good" "$folder" --fail-if-facts-differ >"$folder/compare.txt" || status=$?
  else
    "$program" compare "$studies/good" "$folder" --fail-if-slower "$limit" >"$folder/compare.txt" || status=$?
  fi
  case $status in
    0 | 1) return "$status" ;;
    *) return 125 ;;
  esac
}

# The options are handed to the steps by the environment: `git bisect run` starts this script again.
by=${BISECT_BY:-facts} limit=${BISECT_LIMIT:-5%} build=${BISECT_BUILD:-} boot=${BISECT_BOOT:-} keep=''
program=${BISECT_PROGRAM:-$root/build/release/src/uringbench}
tree=$(git rev-parse --show-toplevel 2>/dev/null) || fail "run it in a git tree of the kernel"
if [ "${1:-}" = --step ]; then
  studies=$2
  shift 2
  study=("$@")
  step && exit 0 || exit $?
fi

while [ $# -gt 0 ]; do
  case $1 in
    --by | --limit | --build | --boot | --program | --keep)
      [ $# -ge 2 ] || fail "$1 needs a value"
      declare "${1#--}=$2"
      shift 2
      ;;
    --help | -h) usage && exit 0 ;;
    -*) fail "'$1' is not known; --help lists the options" ;;
    *) break ;;
  esac
done
if [ $# -lt 4 ] || [ "$3" != -- ]; then fail "expected GOOD BAD -- STUDY...; --help shows how"; fi
case $by in facts | speed) ;; *) fail "--by '$by': expected facts or speed" ;; esac
[ -x "$program" ] || fail "--program '$program' cannot be run; build it, or name another"
program=$(realpath "$program")
# As hashes: HEAD~7 is another commit after the first checkout.
good=$(git rev-parse -q --verify "$1^{commit}") || fail "'$1' is no commit here"
bad=$(git rev-parse -q --verify "$2^{commit}") || fail "'$2' is no commit here"
shift 3
study=("$@")
[ -z "$(git status --porcelain --untracked-files=no)" ] || fail "the tree has changes; commit or stash them"

studies=${keep:-$(mktemp -d)}
mkdir -p "$studies"
studies=$(realpath "$studies")
before=$(git symbolic-ref -q --short HEAD || git rev-parse HEAD)
restore() {
  git bisect reset >/dev/null 2>&1 || true
  git checkout -q "$before"
  [ -n "$keep" ] || rm -rf "$studies"
}
trap restore EXIT
git checkout -q "$good"
rm -rf "$studies/good"
study_of "$studies/good" || fail "GOOD ($good) gives no study: nothing can be compared with it"
export BISECT_BY=$by BISECT_LIMIT=$limit BISECT_BUILD=$build BISECT_BOOT=$boot BISECT_PROGRAM=$program
git bisect start "$bad" "$good" >&2
git bisect run "$(realpath "$here/bisect.sh")" --step "$studies" "${study[@]}"
