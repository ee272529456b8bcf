#!/usr/bin/env bash
# What each engine's adapter adds of its own: servers that think for 0 ms, 50 calls at once, in real time; a table in ms, and
# exit 1 where the 99th percentile of any is above 5. Then replies begun early, with and without. Wants an idle machine.
#
#   scripts/engine-latency.sh                    all of them, three minutes
#   ENGINES="deepgram wyoming" scripts/engine-latency.sh
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck disable=SC2206
flags=(${SWIFT_FLAGS:--c release -Xswiftc -enable-testing})
swift build "${flags[@]}" --build-tests
export PARLEY_ENGINE_LATENCY=${ENGINES:-all}
suites=EngineLatency
[[ $PARLEY_ENGINE_LATENCY == all ]] && suites='(EngineLatency|PreemptiveCall)'
echo "| what | n | p50 | p95 | p99 | worst |"
swift test "${flags[@]}" --skip-build --no-parallel --filter "^EndToEnd\.${suites}Tests" | grep -E '^\||✘'
