#!/usr/bin/env bash
# Sets everything up and runs every test: the unit tests, the fixtures as calls through a gateway, the browser's page.
# Each part runs whatever became of the one before; exit 1 when anything failed. The last line counts.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck disable=SC2206
flags=(${SWIFT_FLAGS:--c release -Xswiftc -enable-testing})
export PARLEY=${PARLEY:-.build/release/parley}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0 failed=0 times=

# Runs one part; counts it as one test unless told otherwise.
part() {
    local name=$1 from=$SECONDS
    shift
    echo "== $name"
    local result=0
    "$@" || result=$?
    times+="$name $((SECONDS - from)) s, "
    if ((result)); then
        failed=$((failed + 1)) && echo "FAILED  $name (exit $result)"
    else
        passed=$((passed + 1))
    fi
}

setup() {
    local from=$SECONDS
    scripts/system-packages.sh test
    scripts/engines.sh
    times+="packages and engines $((SECONDS - from)) s, " from=$SECONDS
    echo "== build"
    swift build "${flags[@]}" --build-tests
    times+="build $((SECONDS - from)) s, "
}
setup

# The vendors' own clients check the fakes of engines; without them those tests say that they were skipped.
PARLEY_ENGINE_PYTHON=$(scripts/engine-python.sh || true)
export PARLEY_ENGINE_PYTHON
# The providers' own packages sign webhooks for a test; without them it says that it was skipped.
PARLEY_PROVIDER_PYTHON=$(scripts/provider-python.sh || true)
export PARLEY_PROVIDER_PYTHON
# Those that start servers and processes of their own come after the others, which they would starve and be starved by.
servers='^ParleyGatewayTests\.(TextSender|GuardedBody|ProviderClient|Departures|WebhookDesk|WebhookSettle|WebhookAddress|ActionDesk)' processes='^(EndToEnd|FakeProviderTests)\.'
# Those over sockets to engines' fakes have times to keep that the others would take from them: one after another.
engines='^(ParleySpeechTests|ParleyAgentsTests)\.' calls='^EndToEnd\.(EngineFixtures|AgentFixtures|RealtimeCall|EngineKey|OwnEngine|AgentShutdown|WebhookCall)Tests'
unit() {
    local result=0
    export PARLEY_ENGINES=$PWD/engines
    tests() {
        local name=$1
        shift
        swift test "${flags[@]}" --skip-build "$@" --xunit-output "$work/tests-$name.xml" 2>&1 |
            tee -a "$work/tests.txt" || result=$?
    }
    tests most --skip "$servers" --skip "$processes" --skip "$engines"
    tests engines --no-parallel --filter "$engines"
    tests servers --filter "$servers"
    tests processes --filter "$processes" --skip "$calls"
    tests calls --filter "$calls"
    return $result
}
before=$failed
part "unit tests" unit
unit_result=$((failed - before))
# Latency is a measurement, not a test: `make fixtures-check` has the bounds.
part "fixture calls" env EDGE_P50= EDGE_P95= scripts/fixtures.sh 1
# The detector's own bounds, on labelled audio: told loudly where that or numpy is not there.
turns() {
    python3 -m unittest discover -s Bench/turns &&
        python3 Bench/turns/bench-turns --parley "$PARLEY" --corpus "${CORPUS:-../shared/corpus}" --if-present
}
part "turn-taking bench" turns
# Its times mean nothing here; that nothing asks for memory does.
part "component bench" scripts/bench-components.sh --rounds 2
part "load bench" env CALLS=100 ROUNDS=1 SECONDS_EACH=10 SLO=Bench/slo-ci.yaml scripts/bench.sh
browser() { scripts/system-packages.sh browser && python3 Tests/Browser/talk_test.py --binary "$PARLEY"; }
part "browser" browser

# The part "unit tests" stands for each of its tests; a crash, which no test reports, stays one failure.
read -r unit_passed unit_failed < <(python3 - "$work" <<'PYTHON'
import glob, sys, xml.etree.ElementTree as tree
total = bad = 0
for path in glob.glob(sys.argv[1] + "/tests*.xml"):
    for suite in tree.parse(path).getroot().iter("testsuite"):
        total += int(suite.get("tests", 0))
        bad += int(suite.get("failures", 0)) + int(suite.get("errors", 0))
print(total - bad, bad)
PYTHON
)
passed=$((passed - (unit_result == 0) + unit_passed))
if ((unit_failed)); then failed=$((failed - 1 + unit_failed)); fi
echo
echo "== ${times%, }"
grep -E 'Test run with|Executed [0-9]+ tests' "$work/tests.txt" || echo "swift test said no summary"
echo "$passed passed, $failed failed"
((failed == 0))
