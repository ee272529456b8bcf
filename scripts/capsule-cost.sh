#!/usr/bin/env bash
# What recording costs: a gateway's CPU for each frame that comes in, with `capsules: all` and without, by turns in one run, and
# the size of the capsules beside the mu-law audio of both directions. Instant engines, so that little else is measured; and
# callers who cut off every second reply, whose audio is kept all the same: conversations take less.
#
#   scripts/capsule-cost.sh [CALLERS at once, 100 if not given] [ROUNDS, 5]
#
# Run it on an idle machine: a minute a round.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/gateway.sh
callers=${1:-100} rounds=${2:-5}
work=$(mktemp -d)
trap 'gateway_stop || true; rm -rf "$work"' EXIT

run() {
    local mode=$1 folder=$work/$1-$2
    mkdir -p "$folder"
    { sed "s/level: warning/level: info/" Bench/instant.yaml && printf '\ncapsules: %s\ncapsule: {directory: %s/capsules}\n' "$mode" "$folder"; } \
        >"$folder/parley.yaml"
    gateway_start "$folder" --config "$folder/parley.yaml"
    if (($(nproc) > 1)); then taskset -acp 0 "$gateway_pid" >/dev/null; fi
    $( (($(nproc) > 1)) && echo taskset -c 1) "$parley" bench load "ws://127.0.0.1:$gateway_port/media/twilio" \
        --calls "$callers" --seconds 20 --pid "$gateway_pid" --name "$mode" --out "$work/$mode-$2.json" >/dev/null
    gateway_stop
    [[ $mode == off ]] || stat -c %s "$folder"/capsules/*.capsule >>"$work/sizes"
    if [[ $2 != 1 ]]; then rm -rf "$folder"; fi
    echo "$mode, round $2"
}

for round in $(seq "$rounds"); do
    run off "$round"
    run all "$round"
done
python3 - "$work" <<'PY'
import glob, json, statistics, sys
work = sys.argv[1]
def runs(mode): return [json.load(open(path)) for path in sorted(glob.glob(f"{work}/{mode}-*.json"))]
def cost(run): return run["server"]["cpu"] / run["framesSent"] / 1000
off, on = [cost(run) for run in runs("off")], [cost(run) for run in runs("all")]
share = [100 * (b / a - 1) for a, b in zip(off, on)]
print("off", " ".join(f"{x:.1f}" for x in off), "us a frame; all", " ".join(f"{x:.1f}" for x in on))
print(f"recording: {statistics.median(share):+.1f} % CPU a frame, median of {len(share)} ({min(share):+.1f} to {max(share):+.1f})")
octets, audio = sum(map(int, open(work + "/sizes"))), 160 * sum(run["framesOfAll"] for run in runs("all"))
print(f"capsules: {octets} octets, {octets / audio:.3f} of the mu-law of both directions")
PY
"$parley" replay "$work"/all-1/capsules --json | python3 -c '
import json, sys
results = json.load(sys.stdin)["results"]
print(sum(not result["problems"] for result in results), "of", len(results), "replay alike")'
