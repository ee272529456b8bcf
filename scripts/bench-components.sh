#!/usr/bin/env bash
# What each piece of a frame's way costs, with every request for memory counted. Exit 1 where a piece that is done for every
# frame makes one, 2 where nobody counted.
#
#   scripts/bench-components.sh [WORDS FOR `parley bench components`]
set -euo pipefail
cd "$(dirname "$0")/.."
parley=${PARLEY:-.build/release/parley}
[[ -x $parley ]] || { echo "there is no $parley; run \`make build\`" >&2; exit 2; }
# The compiler that the Swift toolchain brings.
clang=$(dirname "$(readlink -f "$(command -v swiftc)")")/clang
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$clang" -O2 -Wall -Werror -shared -fPIC -o "$work/allocations.so" Bench/allocations.c -ldl
LD_PRELOAD=$work/allocations.so "$parley" bench components "$@" | tee "$work/table"
# A count that is missing is no zero.
if grep -Eq '^[a-z0-9.]+ +[0-9.]+ +[0-9.]+ +- ' "$work/table"; then
    echo "bench-components: requests for memory were not counted: the counter was not loaded" >&2
    exit 2
fi
