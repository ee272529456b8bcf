#!/usr/bin/env bash
# Plays every fixture N times through gateways with the embedded engines. Exit 1 when a call is not as expected, or when
# the answers come too late: bounds on the edge latency over a round's calls, in ms. They mean something on an idle
# machine only; EDGE_P50= EDGE_P95= (empty) leaves them out.
#
#   scripts/fixtures.sh [N, 1 if not given]
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/gateway.sh
rounds=${1:-1}
[[ $rounds =~ ^[1-9][0-9]*$ ]] || { echo "fixtures: '$rounds' is not a number of rounds" >&2; exit 2; }
p50=${EDGE_P50-700} p95=${EDGE_P95-1000}

work=$(mktemp -d)
trap 'gateway_stop || true; rm -rf "$work"' EXIT
arguments=()
for fixture in Fixtures/*/; do
    [[ -f $fixture/call.yaml ]] && arguments+=(--fixture "$fixture")
done
[[ -n $p50 ]] && arguments+=(--edge-p50 "$p50")
[[ -n $p95 ]] && arguments+=(--edge-p95 "$p95")

result=0
for ((round = 1; round <= rounds; round++)); do
    # A ledger of its own: the same callers come back, and one who has booked would be known.
    mkdir "$work/$round"
    gateway_start "$work/$round"
    "$parley" call "ws://127.0.0.1:$gateway_port/media/twilio" "${arguments[@]}" ${QUIET:+--quiet} | tee -a "$work/calls.txt" ||
        result=$?
    gateway_stop || { echo "the gateway did not end well:"; tail -n 20 "$work/$round/gateway.log"; result=1; }
done

echo
for fixture in Fixtures/*/; do
    [[ -f $fixture/call.yaml ]] || continue
    name=$(basename "$fixture")
    passed=$(grep -c "^as expected  $name\$" "$work/calls.txt" || true)
    printf '%-20s %d of %d as expected\n' "$name" "$passed" "$rounds"
    ((passed == rounds)) || result=1
done
sed -n '/^===/,$p' "$work/calls.txt"
exit "$result"
