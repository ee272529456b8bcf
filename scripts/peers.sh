#!/usr/bin/env bash
# Parley beside the servers that one would otherwise take: the same callers talk to each of them by turns, and one table tells what
# it cost and how soon they were answered. What each is: Bench/peers/README.md. Exit 2 where nothing could be measured.
#
#   scripts/peers.sh [CALLS at once..., 10 50 100 if not given]
#   SECONDS_EACH=15 ROUNDS=1            how long is measured each time, and how often
#   SERVERS='floor parley plain pipecat livekit'    only some of them
#   PEERS_VENV=folder                   a virtual environment that has the peers' packages; else one is made in .build/bench/peers
#
# Server and generator have a core each, where there are two: 15 runs of some 25 to 35 seconds, on a machine that does nothing else.
set -euo pipefail
cd "$(dirname "$0")/.."
parley=${PARLEY:-.build/release/parley} python=${PYTHON:-python3}
[[ -x $parley ]] || { echo "there is no $parley; run \`make build\`" >&2; exit 2; }
(($#)) || set -- 10 50 100
for count in "$@"; do
    [[ $count =~ ^[1-9][0-9]*$ ]] || { echo "usage: scripts/peers.sh [CALLS...]; \`$count\` is no number of calls" >&2; exit 2; }
done
[[ ${SECONDS_EACH:-15} =~ ^[1-9][0-9]*$ && ${ROUNDS:-1} =~ ^[1-9][0-9]*$ ]] || {
    echo "SECONDS_EACH and ROUNDS are whole numbers, 1 or more" >&2
    exit 2
}
seconds=${SECONDS_EACH:-15} rounds=${ROUNDS:-1} servers=${SERVERS:-floor parley plain pipecat livekit}
work=.build/bench/peers runs=.build/bench/peers/runs venv=${PEERS_VENV:-.build/bench/peers/venv}
rm -rf "$runs" && mkdir -p "$runs"
export SWIFT_BACKTRACE=enable=no

if [[ " $servers " =~ \ (plain|pipecat|livekit)\  && ! -x $venv/bin/python ]]; then
    [[ -z ${PEERS_VENV:-} ]] || { echo "PEERS_VENV: there is no $venv/bin/python" >&2; exit 2; }
    echo "The peers' packages go to $venv: some 800 MB, from PyPI" >&2
    if ! { "$python" -m venv "$venv" && "$venv/bin/pip" install --quiet -r Bench/peers/requirements.txt; } >&2; then
        rm -rf "$venv"
        echo "they could not be installed; the lines above say why. Without them: SERVERS='floor parley' scripts/peers.sh" >&2
        exit 2
    fi
fi
if [[ " $servers " == *" floor "* ]]; then
    # The compiler that the Swift toolchain brings.
    clang=$(dirname "$(readlink -f "$(command -v swiftc)")")/clang
    "$clang" -O2 -Wall -Wextra -Werror -o "$work/floor" Bench/floor/floor.c -lm
fi

server=() generator=()
if (($(nproc) > 1)); then server=(taskset -c 0) generator=(taskset -c 1); fi
pid=
# A server that is too full to end is not waited for.
stop() {
    [[ -n $pid ]] || return 0
    kill -TERM "$pid" 2>/dev/null || true
    for _ in $(seq 50); do
        kill -0 "$pid" 2>/dev/null || break
        sleep 0.1
    done
    kill -KILL "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
    pid=
}
trap stop EXIT

free_port() { "$python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

# begin NAME PORT: sets pid
begin() {
    local words
    case $1 in
    floor) words=("$work/floor" "$2") ;;
    parley)
        rm -f "$work"/ledger.sqlite*
        words=("$parley" serve --config Bench/instant.yaml --port "$2" --ledger "$work/ledger.sqlite")
        ;;
    plain) words=("$venv/bin/python" Bench/peers/plain.py "$2") ;;
    pipecat | livekit) words=("$venv/bin/python" "Bench/peers/$1_server.py" "$2") ;;
    *) echo "SERVERS: there is no server \`$1\`" >&2; exit 2 ;;
    esac
    "${server[@]}" "${words[@]}" >"$work/$1.log" 2>&1 </dev/null &
    pid=$!
}

# is_up PORT: within a minute, as some have much to import
is_up() {
    for _ in $(seq 600); do
        if (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; then return 0; fi
        kill -0 "$pid" 2>/dev/null || return 1
        sleep 0.1
    done
    return 1
}

# measure NAME CALLS ROUND: ten new callers a second, so that none is counted while others come
measure() {
    local name=$1 count=$2 round=$3 port ramp=$((2 + $2 / 10))
    port=$(free_port)
    begin "$name" "$port"
    if ! is_up "$port"; then
        echo "$name did not come up; $work/$name.log says why" >&2
    elif ! timeout $((seconds + ramp + 60)) "${generator[@]}" "$parley" bench load "ws://127.0.0.1:$port/media/twilio" \
        --name "$name" --calls "$count" --seconds "$seconds" --ramp "$ramp" --pid "$pid" \
        --out "$runs/$name-$count-$round.json" >"$work/last.txt" 2>&1; then
        echo "$name could not be measured with $count calls:" >&2
        cat "$work/last.txt" >&2
    else
        echo "measured $name with $count calls, round $round" >&2
    fi
    stop
}

for round in $(seq "$rounds"); do
    for count in "$@"; do
        for name in $servers; do measure "$name" "$count" "$round"; done
    done
done

echo
"$python" - "$runs" "$servers" "$@" <<'PYTHON'
import glob, json, math, statistics, sys

folder, servers, sizes = sys.argv[1], sys.argv[2].split(), sys.argv[3:]


def rank(values, percent):
    return f"{values[max(0, math.ceil(len(values) * percent / 100) - 1)]:.0f} ms" if values else "-"


def cost(runs):
    """The middle round's CPU time for a frame, and of what all rounds are between."""
    each = [run["server"]["cpu"] / 1e3 / run["framesSent"] for run in runs if run.get("server") and run["framesSent"]]
    if not each:
        return "-"
    ends = f" ({min(each):.0f} to {max(each):.0f})" if len(each) > 1 else ""
    return f"{statistics.median(each):.0f}{ends}{'*' if any(run['server']['threadsChanged'] for run in runs) else ''}"


columns = "{:<8} {:>6} {:>20} {:>7} {:>9} {:>9} {:>9} {:>6} {:>7} {:>7} {:>7}"
print(columns.format("server", "calls", "CPU us a frame", "core", *(f"edge p{p}" for p in (50, 95, 99)), "turns", "failed", "missed", "early"))
measured, notes, why = 0, set(), {}
for size in sizes:
    for server in servers:
        runs = [json.load(open(path)) for path in sorted(glob.glob(f"{folder}/{server}-{size}-*.json"))]
        measured += len(runs)
        if not runs:
            print(columns.format(server, size, "not measured", *"--------"))
            continue
        turns = {what: sum(run["turns"][what] for run in runs) for what in ("answered", "missed", "talkedOver")}
        # What only sends back what it hears answers nobody.
        edge = [] if server == "floor" else sorted(ms for run in runs for ms in run["offsets"].get("edge", []))
        core = [run["server"]["cpu"] / 1e7 / run["window"] for run in runs if run.get("server")]
        counts = ["-"] * 4
        failed = sum(sum(run["failures"].values()) for run in runs)
        if server != "floor":
            counts = [turns["answered"], failed, turns["missed"], turns["talkedOver"]]
        else:
            counts[1] = failed
        print(columns.format(
            server, size, cost(runs), f"{statistics.median(core):.0f} %" if core else "-", *(rank(edge, p) for p in (50, 95, 99)), *counts))
        if any(run.get("server") and run["server"]["threadsChanged"] for run in runs):
            notes.add("* a thread came or went: some of its CPU time may be missing")
        own = sorted(ms for run in runs for ms in run["offsets"].get("own", []))
        if own and own[math.ceil(len(own) * 0.99) - 1] > 5:
            notes.add("the generator was late itself (`own` p99 above 5 ms): the machine did something else, or has too few cores")
        for run in runs:
            for what, n in (run["failures"] | run["violations"]).items():
                why[f"{server}, {size} calls: {what}"] = why.get(f"{server}, {size} calls: {what}", 0) + n
for what, n in why.items():
    print(f"{n} times, {what}")
for note in sorted(notes):
    print(note)
sys.exit(0 if measured else 2)
PYTHON
