#!/bin/sh
# Says which C++ sources clang-format would change; exit 1 where there are any. --fix changes them.
root=$(cd "$(dirname "$0")/.." && pwd)
cd "$root" || exit 1
if [ "$1" = --fix ]; then mode="-i"; else mode="--dry-run --Werror"; fi
find core app tests -name '*.h' -o -name '*.cpp' | sort |
    # shellcheck disable=SC2086
    xargs clang-format $mode
