#!/usr/bin/env bash
# Every tracked C and C++ file is as clang-format leaves it.
# Mend: clang-format-14 -i FILE.
set -euo pipefail
cd "$(dirname "$0")/../.."
git ls-files -z '*.cpp' '*.hpp' '*.c' '*.h' | xargs -0 clang-format-14 --dry-run -Werror
