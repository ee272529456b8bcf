#!/usr/bin/env bash
# How many conversations at once do the embedded engines hold on this machine? So many callers talk to a gateway with the sample
# flow; a line for each count tells how soon they were answered, and how many were turned away with 503 as the engines were behind.
# Run it on an idle machine: nearly a minute each.
#
#   scripts/conversations.sh [CALLERS at once..., 8 16 24 32 if not given]
#   SECONDS_EACH=40                     how long is measured each time
#   ADMISSION=off                       nobody is turned away: what a gateway that is too full sounds like
#   MEMORY=1KiB                         every line is said by the engine, as if it were new
#   RAMP=30                             the callers come evenly over so many seconds
#
# A caller whose conversation the agent has ended is followed by another; `at once` is how many talked, in the middle. `gaps`: how
# often a caller heard a silence within a reply, as its next clause was late; `longest` of them.
#
# The generator takes no core of its own here: what it uses is told.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/gateway.sh
work=$(mktemp -d)
trap 'gateway_stop || true; rm -rf "$work"' EXIT
# One address stands for all callers here.
printf 'insecure: true\nspeech: {engines_directory: %s, memory: %s}\nconn: {per_ip: 1000, pre_auth: 1000}\n' \
    "${PARLEY_ENGINES:-$PWD/engines}" "${MEMORY:-16MiB}" >"$work/parley.yaml"
if [[ ${ADMISSION:-on} == off ]]; then
    printf 'calls: {max_engine_wait: 60s, max_clause_wait: 60s, max_loop_lag: 10s}\n' >>"$work/parley.yaml"
fi
printf '%8s %8s %8s %8s %10s %10s %10s %6s %9s %12s\n' callers 'at once' '503' turns 'edge p50' 'edge p95' 'edge p99' gaps longest "the callers'"
(($#)) || set -- 8 16 24 32
for count in "$@"; do
    mkdir -p "$work/$count"
    gateway_start "$work/$count" --config "$work/parley.yaml"
    "$parley" bench load "ws://127.0.0.1:$gateway_port/media/twilio" --calls "$count" --seconds "${SECONDS_EACH:-40}" \
        --redial --ramp "${RAMP:-$((2 + count / 2))}" \
        --pid "$gateway_pid" --name "$count" --out "$work/$count.json" >"$work/$count.txt" 2>&1 || true
    gateway_stop
    python3 - "$work/$count.json" "$count" "${SECONDS_EACH:-40}" <<'PYTHON'
import json, math, sys
run, count, seconds = json.load(open(sys.argv[1])), int(sys.argv[2]), float(sys.argv[3])
edge = sorted(run["offsets"].get("edge", []))
def rank(percent): return f"{edge[max(0, math.ceil(len(edge) * percent / 100) - 1)]:.0f} ms" if edge else "-"
refused = sum(n for what, n in run["failures"].items() if " 503" in what)
for what, n in run["failures"].items():
    if " 503" not in what: print(f"{n} failed: {what}", file=sys.stderr)
gaps = run["offsets"].get("gap", [])
at_once = run["framesSent"] / 50 / run["window"]
print(f"{count:8} {at_once:8.1f} {refused:8} {len(edge):8} {rank(50):>10} {rank(95):>10} {rank(99):>10} {len(gaps):6} {f'{max(gaps, default=0):.0f} ms':>9} {run['ownCPU'] / 1e7 / seconds:10.1f} %")
PYTHON
done
