#!/usr/bin/env bash
# What each piece of a frame's way costs, with every request for memory counted. Exit 1 where a piece that is done for every
# frame makes one.
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
LD_PRELOAD=$work/allocations.so "$parley" bench components "$@"
