#!/usr/bin/env bash
# What recording costs: a gateway's CPU for each frame that comes in, with `capsules: all` and without, by turns in one run, and
# the size of the capsules beside the mu-law audio of both directions. Instant engines, so that little else is measured.
#
#   scripts/capsule-cost.sh [CALLERS at once, 20 if not given] [ROUNDS, 3]
#
# Run it on an idle machine: some forty seconds a round.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/gateway.sh
callers=${1:-20} rounds=${2:-3}
work=$(mktemp -d)
trap 'gateway_stop || true; rm -rf "$work"' EXIT

# Nanoseconds on a core, of all the gateway's threads; one may end while they are read.
cpu() { (cat /proc/"$gateway_pid"/task/*/schedstat 2>/dev/null || true) | awk '{sum += $1} END {printf "%.0f", sum}'; }

# sum FOLDER NAME: of a number in all callers' reports.
sum() {
    python3 -c 'import glob, json, sys; print(int(sum(json.load(open(p))["calls"][0]["report"][sys.argv[2]] for p in glob.glob(sys.argv[1] + "/call-*.json"))))' \
        "$1" "$2"
}

run() {
    local mode=$1 folder=$work/$1-$2
    mkdir -p "$folder"
    printf 'insecure: true\ncapsules: %s\ncapsule: {directory: %s/capsules}\n' "$mode" "$folder" >"$folder/parley.yaml"
    printf 'speech: {recognizer: instant, voice: instant}\nagent: {flow: instant}\n' >>"$folder/parley.yaml"
    gateway_start "$folder" --config "$folder/parley.yaml"
    local before
    before=$(cpu)
    for caller in $(seq "$callers"); do
        "$parley" call "ws://127.0.0.1:$gateway_port/media/twilio" --audio "$work/caller.wav" --quiet \
            --json "$folder/call-$caller.json" >/dev/null 2>&1 &
        callers_pids+=($!)
    done
    wait "${callers_pids[@]}" || true
    callers_pids=()
    local spent=$(($(cpu) - before)) count audio
    count=$(sum "$folder" framesSent) audio=$(sum "$folder" agentAudioMS)
    echo "$mode $((spent / count)) ns a frame, $count frames"
    echo "$mode $spent $count $audio" >>"$work/results"
    gateway_stop
}

python3 - "$work/caller.wav" <<'PY'
# Half a minute of a caller: the lines of the fixtures, with pauses.
import glob, struct, sys
audio = b""
for path in sorted(glob.glob("Fixtures/books-a-cleaning/*.wav")) * 2:
    octets = open(path, "rb").read()
    data = octets.index(b"data")
    size = struct.unpack("<I", octets[data + 4:data + 8])[0]
    audio += octets[data + 8:data + 8 + size] + b"\xff" * 12000
with open(sys.argv[1], "wb") as out:
    out.write(b"RIFF" + struct.pack("<I", 50 + len(audio)) + b"WAVEfmt " + struct.pack("<IHHIIHHH", 18, 7, 1, 8000, 8000, 1, 8, 0))
    out.write(b"data" + struct.pack("<I", len(audio)) + audio)
PY

callers_pids=()
for round in $(seq "$rounds"); do
    run off "$round"
    run all "$round"
done
python3 - "$work" <<'PY'
import glob, os, statistics, sys
work = sys.argv[1]
per, audio = {"off": [], "all": []}, 0
for line in open(work + "/results"):
    mode, spent, count, milliseconds = line.split()
    per[mode].append(int(spent) / int(count) / 1000)
    if mode == "all":
        audio += int(count) * 160 + int(milliseconds) * 8
off, on = (statistics.median(per[mode]) for mode in ("off", "all"))
print(f"off {off:.1f} us a frame, all {on:.1f} us: {100 * (on / off - 1):+.1f} %, medians of {len(per['off'])}")
sizes = [os.path.getsize(path) for path in glob.glob(work + "/all-*/capsules/*.capsule")]
print(f"{len(sizes)} capsules, {sum(sizes)} octets: {sum(sizes) / audio:.3f} of the mu-law of both directions")
PY
"$parley" replay "$work"/all-1/capsules --json | python3 -c '
import json, sys
results = json.load(sys.stdin)["results"]
print(sum(not result["problems"] for result in results), "of", len(results), "replay alike")'
