#!/usr/bin/env bash
# bench/kernels/bisect.sh over a small made-up history: a commit is a "kernel" that gives one of two recorded studies, does
# not build, or does not boot.
#   tests/bench/kernels_bisect_test.sh PROGRAM
set -euo pipefail
program=$(realpath "$1")
root=$(cd "$(dirname "$0")/../.." && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export GIT_AUTHOR_NAME=test GIT_AUTHOR_EMAIL=test@example.org GIT_COMMITTER_NAME=test GIT_COMMITTER_EMAIL=test@example.org
export GIT_CONFIG_GLOBAL=/dev/null

# What an emulated 6.1 and one with another way of copying would record.
/usr/bin/python3 - "$root/tests/report/golden/samples.jsonl" "$scratch" <<'PYTHON'
import json, sys
lines = [json.loads(line) for line in open(sys.argv[1], encoding="utf-8")]
for name, real in (("copies", False), ("is-real", True)):
    import os
    os.makedirs(f"{sys.argv[2]}/{name}")
    with open(f"{sys.argv[2]}/{name}/samples.jsonl", "w", encoding="utf-8") as out:
        for each in lines:
            each = json.loads(json.dumps(each))
            if "facts" in each:
                each["facts"]["hypervisor"] = "emulation (QEMU TCG)"
            counts = each.get("zero_copy")
            if real and counts:
                counts["real"], counts["copied"] = counts["sends"], 0
                counts["unreported"] = 0
            out.write(json.dumps(each) + "\n")
PYTHON

cat >"$scratch/boot" <<'BOOT'
#!/bin/sh
[ -s "$1/gives" ] || exit 125
cp "$STUDIES/$(cat "$1/gives")/samples.jsonl" "$2"
BOOT
chmod +x "$scratch/boot"
export STUDIES=$scratch

mkdir "$scratch/linux"
cd "$scratch/linux"
git init -q
commit() {
  printf '%s' "$2" >gives
  echo "$1" >description
  git add . && git commit -q -m "$1"
}
commit "good" copies
commit "also good" copies
commit "does not boot" ""
commit "still good" copies
commit "breaks it" is-real
commit "does not build" unbuildable
commit "bad" is-real
commit "worse" is-real
at=$(git rev-parse HEAD)

said=$("$root/bench/kernels/bisect.sh" --program "$program" --boot "$scratch/boot" \
  --build '! grep -q unbuildable gives' HEAD~7 HEAD -- --mode all 2>&1) || {
  echo "$said"
  exit 1
}
echo "$said" | tail -12
wanted=$(git rev-parse HEAD~3)
grep -q "^$wanted is the first bad commit" <<<"$said" || {
  echo "FAILED: 'breaks it' was not found"
  exit 1
}
[ "$(git rev-parse HEAD)" = "$at" ] || { echo "FAILED: the tree is left elsewhere"; exit 1; }
[ -z "$(git bisect log 2>/dev/null)" ] || { echo "FAILED: a bisection is left under way"; exit 1; }
if "$root/bench/kernels/bisect.sh" --program "$program" --by taste HEAD~1 HEAD -- x 2>/dev/null; then
  echo "FAILED: --by taste is accepted"
  exit 1
fi
