#!/usr/bin/env bash
# Everything about engines: the adapters against the fakes, the fakes against the vendors' own clients, every fixture's caller
# with each of them, then the real ones that need no key (scripts/real-engines.sh).
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck disable=SC2206
flags=(${SWIFT_FLAGS:--c release -Xswiftc -enable-testing})
swift build "${flags[@]}" --build-tests
PARLEY_ENGINE_PYTHON=$(scripts/engine-python.sh)
export PARLEY_ENGINE_PYTHON PARLEY_ENGINES=$PWD/engines PARLEY_ENGINE_FIXTURES=all
result=0
swift test "${flags[@]}" --skip-build --no-parallel --filter '^(ParleySpeechTests|ParleyAgentsTests)\.' || result=$?
swift test "${flags[@]}" --skip-build --filter '^EndToEnd\.(EngineFixtures|EngineKey)Tests' || result=$?
scripts/real-engines.sh || result=$?
exit "$result"
