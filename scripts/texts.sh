#!/usr/bin/env bash
# Texts beside live calls: 500 events and 100 inbound texts through one gateway with a fake provider behind it, while
# CALLS callers talk to it (parley bench load). Prints how soon each was with the provider, and how punctual the calls'
# sound was with the texts and without.
#   scripts/texts.sh            CALLS=50 TEXTS=500
set -euo pipefail
cd "$(dirname "$0")/.."
parley=$PWD/.build/release/parley
calls=${CALLS:-50} texts=${TEXTS:-500}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
load="'$parley' bench load URL --calls $calls --seconds 20 --ramp 2 --warm-up 2 --lines '$PWD/Fixtures/books-a-cleaning' --out"
run() {
    PARLEY_TEXT_LOAD=$1 PARLEY_TEXT_CALLS="$load '$work/$2.json' >/dev/null" \
        swift test -c release -Xswiftc -enable-testing --skip-build --filter TextLoadTests 2>&1 |
        grep -aE '^texts:|recorded an issue|Test run with' || true
}
echo "== with $texts texts"
run "$texts" with
echo "== with a handful"
run 5 without
for name in without with; do
    echo "== calls $name texts"
    "$parley" bench report "$work/$name.json" | grep -E '^ *(answer|frame|gap|measure|failed|CAREFUL)' || "$parley" bench report "$work/$name.json"
done
