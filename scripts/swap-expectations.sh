#!/usr/bin/env bash
# Shows that the fixtures' expectations tell their calls apart: plays every fixture once through one gateway with the
# embedded engines, keeps the reports, and judges every report by the expectations of every fixture. Exit 1 unless each
# call is as expected by its own fixture and by no other.
#
#   scripts/swap-expectations.sh [DIRECTORY, where the reports are kept; none if not given]
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/gateway.sh

work=$(mktemp -d)
trap 'gateway_stop || true; rm -rf "$work"' EXIT
reports=${1:-$work/reports}
mkdir -p "$reports"
names=()
for fixture in Fixtures/*/; do
    [[ -f $fixture/call.yaml ]] && names+=("$(basename "$fixture")")
done

gateway_start "$work"
for name in "${names[@]}"; do
    # Not as expected (1) is judged below; without a call (2) there is nothing to judge.
    result=0
    "$parley" call "ws://127.0.0.1:$gateway_port/media/twilio" --fixture "Fixtures/$name" --json "$reports/$name.json" \
        --quiet >"$work/call.txt" || result=$?
    sed '/^===/,$d' "$work/call.txt"
    ((result < 2)) || exit 2
done
gateway_stop || { echo "the gateway did not end well:"; tail -n 20 "$work/gateway.log"; exit 1; }

echo
met=0 refused=0 wrong=0
for expected in "${names[@]}"; do
    for played in "${names[@]}"; do
        verdict=0
        "$parley" judge "$reports/$played.json" --fixture "Fixtures/$expected" >"$work/verdict.txt" || verdict=$?
        case $verdict in
        0) met=$((met + 1)) ;;
        1) refused=$((refused + 1)) ;;
        *) exit 2 ;;
        esac
        if [[ $played == "$expected" ]]; then wanted=0; else wanted=1; fi
        if ((verdict == wanted)); then
            [[ $played == "$expected" ]] || head -n 1 "$work/verdict.txt" | cut -c 1-140
        else
            wrong=$((wrong + 1))
            sed 's/^/WRONG  /' "$work/verdict.txt"
        fi
    done
done
count=${#names[@]}
echo
echo "$count calls, $((count * count)) judgements: $met as expected, $refused not; $wrong of them wrong"
((wrong == 0))
