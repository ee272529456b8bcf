#!/usr/bin/env bash
# Is there a short way for the instant configuration? Twenty calls of many, drawn by lot from the capsules of a load run, are
# replayed, and heard once more by the detector alone: both have to decide as the live calls did. Exit 1 where one does not.
#
#   scripts/captured.sh [CALLERS at once, 1000 if not given] [SECONDS, 15]
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/gateway.sh
callers=${1:-1000} seconds=${2:-15}
work=$(mktemp -d)
trap 'gateway_stop || true; rm -rf "$work"' EXIT
{ sed "s/level: warning/level: info/" Bench/instant.yaml && printf '\ncapsules: all\ncapsule: {directory: %s/capsules}\n' "$work"; } >"$work/parley.yaml"
gateway_start "$work" --config "$work/parley.yaml"
"$parley" bench load "ws://127.0.0.1:$gateway_port/media/twilio" --calls "$callers" --seconds "$seconds" --pid "$gateway_pid" \
    --name captured --out "$work/run.json"
gateway_stop
mkdir "$work/drawn"
find "$work/capsules" -name '*.capsule' | shuf -n 20 | xargs -I{} mv {} "$work/drawn"
echo "$(find "$work/drawn" -name '*.capsule' | wc -l) calls drawn"
"$parley" replay "$work/drawn" | tail -n 1
"$parley" vad "$work"/drawn/*.capsule >"$work/heard.txt" || { grep -B1 DIFF "$work/heard.txt"; exit 1; }
echo "$(grep -c '^[^ ]' "$work/heard.txt") heard alike by the detector alone"
