#!/usr/bin/env bash
# One step of `git bisect run`: is the program of this commit slower than one that is known to be good?
set -euo pipefail

usage() {
  cat <<'USAGE'
usage: git bisect run bench/bisect.sh --good FILE [options] [-- OPTIONS OF uringbench compare]

Builds the commit that is checked out, and measures it in turn with a program that is known to be good, in one
study. Copy this script and the good program out of the tree first: a bisection changes what is in it.

  --good FILE      the program that is known to be good, outside the build directory
  --build COMMAND  what builds the commit (default: cmake --preset release && cmake --build --preset release
                   --target uringbench)
  --program FILE   what the build makes (default: build/release/src/uringbench)
  --slower SHARE   by how much a bad commit is slower at the least (default: 5%)
  --help           this text

What follows -- goes to uringbench compare, such as --mode uring-send-zc --size 4K --reps 10.

Ends as git-bisect(1) wants it: 0 good, 1 bad, 125 skip (it does not build, cannot be compared, or is not
clear). Bad usage and an interruption end the bisection with 128.
USAGE
}

# 128 and above end a bisection; anything below would be taken for an answer.
refuse() {
  echo "bench/bisect.sh: $1; --help lists the options" >&2
  exit 128
}

good=''
build='cmake --preset release && cmake --build --preset release --target uringbench'
program=build/release/src/uringbench
slower=5%
while [ $# -gt 0 ]; do
  case $1 in
    --help | -h) usage && exit 0 ;;
    --)
      shift
      break
      ;;
    --good | --build | --program | --slower)
      [ -n "${2:-}" ] || refuse "$1 needs a value"
      case $1 in
        --good) good=$2 ;;
        --build) build=$2 ;;
        --program) program=$2 ;;
        --slower) slower=$2 ;;
      esac
      shift 2
      ;;
    *) refuse "'$1' is not known" ;;
  esac
done
[ -n "$good" ] || refuse "--good is missing: give a program that is known to be good"
[ -x "$good" ] || refuse "--good '$good' is no program"

if ! bash -c "$build" >&2; then
  echo "bench/bisect.sh: this commit does not build: skipped" >&2
  exit 125
fi
if [ ! -x "$program" ]; then
  echo "bench/bisect.sh: the build made no '$program': skipped" >&2
  exit 125
fi

# The runner is the good program, so that every commit is judged by the same one.
status=0
"$good" compare --program "$good,$program" --fail-if-slower "$slower" "$@" || status=$?
case $status in
  0 | 1) exit "$status" ;;
  2) refuse "uringbench compare does not take these options" ;;
  130) exit 130 ;;
  *) exit 125 ;;
esac
