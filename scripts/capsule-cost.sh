#!/usr/bin/env bash
# What recording costs: a gateway's CPU for each frame that comes in, with `capsules: all` beside one without, both on one core at
# the same time, so that whatever else the machine does meets both; and the size of the capsules beside the mu-law audio of both
# directions. Instant engines, so that little else is measured; and callers who cut off every second reply, whose audio is kept
# all the same: conversations take less.
#
#   scripts/capsule-cost.sh [CALLERS at each of the two, 50 if not given] [ROUNDS, 9]
#
# Run it on an idle machine: a third of a minute a round, with gateways of its own. Which of the two starts first alternates.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/gateway.sh
callers=${1:-50} rounds=${2:-9}
work=$(mktemp -d)
declare -A pid port
stop() {
    for gateway_pid in "${pid[@]}"; do gateway_stop || true; done
    pid=()
}
trap 'stop; rm -rf "$work"' EXIT
beside=()
if (($(nproc) > 1)); then beside=(taskset -c 1); fi

start() {
    local mode=$1 folder=$work/$1-$2
    mkdir -p "$folder"
    { sed "s/level: warning/level: info/" Bench/instant.yaml && printf '\ncapsules: %s\ncapsule: {directory: %s/capsules}\n' "$mode" "$folder"; } \
        >"$folder/parley.yaml"
    gateway_start "$folder" --config "$folder/parley.yaml"
    pid[$mode]=$gateway_pid port[$mode]=$gateway_port
    if (($(nproc) > 1)); then taskset -acp 0 "$gateway_pid" >/dev/null; fi
}

load() {
    "${beside[@]}" "$parley" bench load "ws://127.0.0.1:${port[$1]}/media/twilio" --calls "$callers" --seconds 15 \
        --pid "${pid[$1]}" --name "$1" --out "$work/$1-$2.json" >/dev/null
}

for round in $(seq "$rounds"); do
    order=(off all)
    if ((round % 2)); then order=(all off); fi
    loads=()
    for mode in "${order[@]}"; do start "$mode" "$round"; done
    for mode in "${order[@]}"; do load "$mode" "$round" & loads+=($!); done
    for one in "${loads[@]}"; do wait "$one"; done
    stop
    echo "round $round of $rounds"
done
python3 - "$work" <<'PY'
import glob, json, os, statistics, sys
work = sys.argv[1]
def runs(mode): return [json.load(open(path)) for path in sorted(glob.glob(f"{work}/{mode}-*.json"))]
def cost(run): return run["server"]["cpu"] / run["framesSent"] / 1000
off, on = [cost(run) for run in runs("off")], [cost(run) for run in runs("all")]
share = [100 * (b / a - 1) for a, b in zip(off, on)]
print("off", " ".join(f"{x:.1f}" for x in off), "us a frame; all", " ".join(f"{x:.1f}" for x in on))
print(f"recording: {100 * (statistics.median(on) / statistics.median(off) - 1):+.1f} % CPU a frame by the medians; "
      f"by rounds {statistics.median(share):+.1f}, n {len(share)}, {min(share):+.1f} to {max(share):+.1f}")
octets = sum(os.path.getsize(path) for path in glob.glob(f"{work}/all-*/capsules/*.capsule"))
audio = 160 * sum(run["framesOfAll"] for run in runs("all"))
print(f"capsules: {octets} octets, {octets / audio:.3f} of the mu-law of both directions")
PY
"$parley" replay "$work"/all-1/capsules --json | python3 -c '
import json, sys
results = json.load(sys.stdin)["results"]
print(sum(not result["problems"] for result in results), "of", len(results), "replay alike")'
