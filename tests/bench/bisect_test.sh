#!/usr/bin/env bash
# bench/bisect.sh: what each end of `uringbench compare` means to git-bisect(1); a real bisection over a repository
# whose commits "build" stand-ins; and once the real program against itself.
#   bisect_test.sh PROGRAM
set -euo pipefail
cd "$(dirname "$0")/../.."
script=$PWD/bench/bisect.sh
program=$(realpath "$1")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

fail() {
  echo "bisect_test.sh: $1" >&2
  exit 1
}

# expect STATUS COMMAND...
expect() {
  local wanted=$1 result=0
  shift
  "$@" >"$scratch/out" 2>"$scratch/err" || result=$?
  [ "$result" -eq "$wanted" ] || fail "'$*' ended with $result instead of $wanted: $(cat "$scratch/err")"
}

# A stand-in for the good program: its `compare` ends as the file named after B says.
cat >"$scratch/good" <<'STAND_IN'
#!/bin/sh
[ "$1 $2" = "compare --program" ] || exit 9
exit "$(sed -n 's/^# status //p' "${3#*,}")"
STAND_IN
chmod +x "$scratch/good"
cd "$scratch"
for pair in 0:0 1:1 2:128 3:125 125:125 130:130; do
  printf '#!/bin/sh\n# status %s\n' "${pair%:*}" >built
  chmod +x built
  expect "${pair#*:}" "$script" --good "$scratch/good" --build true --program ./built
done
expect 125 "$script" --good "$scratch/good" --build false --program ./built
expect 125 "$script" --good "$scratch/good" --build true --program ./missing
expect 128 "$script" --program ./built
expect 128 "$script" --good ./missing
expect 128 "$script" --nonsense
expect 128 "$script" --good
expect 0 "$script" --help

# Ten commits, of which the seventh is the first bad one and the fifth does not build.
git init -q repository
cd repository
git config user.email test@example.org
git config user.name test
for number in $(seq 10); do
  echo "$number" >number
  git add number
  git commit -qm "commit $number"
done
# shellcheck disable=SC2016 # for the shell that builds
build='n=$(cat number); [ "$n" != 5 ] || exit 1
printf "#!/bin/sh\n# status %s\n" "$((n >= 7))" >built; chmod +x built'
git bisect start HEAD HEAD~9 >/dev/null
git bisect run "$script" --good "$scratch/good" --build "$build" --program ./built >"$scratch/log" 2>&1 ||
  fail "the bisection failed: $(cat "$scratch/log")"
[ "$(git show -s --format=%s refs/bisect/bad)" = "commit 7" ] || fail "found $(git show -s refs/bisect/bad)"

# Against itself no program is slower; so few repetitions may leave it unclear (125).
result=0
"$script" --good "$program" --build true --program "$program" --slower 50% -- \
  --mode epoll-two-copy --size 4K --reps 6 --duration 50ms --warmup 20ms >"$scratch/out" 2>&1 || result=$?
[ "$result" -eq 0 ] || [ "$result" -eq 125 ] || fail "against itself: $result: $(cat "$scratch/out")"
grep -q 'B against A' "$scratch/out" || fail "nothing was compared: $(cat "$scratch/out")"
