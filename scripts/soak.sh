#!/usr/bin/env bash
# Does a gateway's memory come back? A hundred calls, then two thousand that come and go, then a hundred again; then 500 that
# stay for ten minutes. Exit 1 where the second hundred find more than a tenth more memory in use than the first, or where it
# still grows by more than a KiB a minute and call in the last five minutes.
#
#   scripts/soak.sh [MINUTES, 10]
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/gateway.sh
minutes=${1:-10}
work=$(mktemp -d)
trap 'gateway_stop || true; rm -rf "$work"' EXIT
# Memory is looked at, not time: a busy machine turns nobody away.
sed "s/level: warning/level: info/; s/^  max: 2000/&\n  max_loop_lag: 10s/" Bench/instant.yaml >"$work/parley.yaml"
gateway_start "$work" --config "$work/parley.yaml"
if (($(nproc) > 1)); then taskset -acp 0 "$gateway_pid" >/dev/null; fi
resident() { awk '/^VmRSS/ { print $2 }' "/proc/$gateway_pid/status"; }
load() {
    $( (($(nproc) > 1)) && echo taskset -c 1) "$parley" bench load "ws://127.0.0.1:$gateway_port/media/twilio" --calls "$1" \
        --seconds "$2" --pid "$gateway_pid" --name soak --out "$work/run.json" >"$work/load.txt" || { cat "$work/load.txt" >&2; return 1; }
}
empty=$(resident)
load 100 10 & loading=$!
sleep 10
first=$(resident)
wait "$loading"
for _ in 1 2 3 4; do load 500 8; done
load 100 10 & loading=$!
sleep 10
again=$(resident)
wait "$loading"
echo "resident, KiB: $empty without a call, $first with the first 100, $again with 100 after 2000 had come and gone"
load 500 $((minutes * 60)) & loading=$!
sleep 15
for _ in $(seq $((minutes * 6 - 2))); do
    resident >>"$work/resident"
    sleep 10
done
wait "$loading"
python3 - "$work/resident" "$first" "$again" <<'PY'
import sys
values = list(map(int, open(sys.argv[1])))
late = values[len(values) // 2:]
middle = (len(late) - 1) / 2
slope = sum((i - middle) * v for i, v in enumerate(late)) / sum((i - middle) ** 2 for i in range(len(late))) * 6 / 500
print(f"500 calls: {values[0]} KiB after 15 s, {values[len(values) // 2]} half-way, {values[-1]} at the end; "
      f"{slope:+.3f} KiB a minute and call in the second half")
sys.exit(int(sys.argv[3]) > 1.1 * int(sys.argv[2]) or slope > 1)
PY
