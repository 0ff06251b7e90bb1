#!/usr/bin/env bash
# Every tracked shell script through shellcheck.
set -euo pipefail
cd "$(dirname "$0")/../.."
git grep -lE '^#!.*\b(ba)?sh$' -- ':!*.md' | xargs shellcheck
