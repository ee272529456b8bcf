#!/usr/bin/env bash
# The load suite: callers on real sockets against a gateway with instant engines, and against Bench/floor, a C server that only
# echoes, by turns in the same minutes; judged by Bench/slo.yaml. Exit 1 where a bound does not hold, 2 where it could not be run.
#
#   scripts/bench.sh                    100 and 500 callers, three rounds: some six minutes of an idle machine
#   CALLS=100 ROUNDS=1 SLO=Bench/slo-ci.yaml scripts/bench.sh    what CI can do
#   SECONDS_EACH=20                     how long is measured each time
#   OUT=folder                          where the runs are kept, for `parley bench report`; .build/bench/runs by default
#
# Server and generator have a core each, where there are two.
set -euo pipefail
cd "$(dirname "$0")/.."
parley=${PARLEY:-.build/release/parley}
[[ -x $parley ]] || { echo "there is no $parley; run \`make build\`" >&2; exit 2; }
calls=${CALLS:-100 500} rounds=${ROUNDS:-3} seconds=${SECONDS_EACH:-15} slo=${SLO:-Bench/slo.yaml}
out=${OUT:-.build/bench/runs}
work=.build/bench
rm -rf "$out" && mkdir -p "$out" "$work"
export SWIFT_BACKTRACE=enable=no

# The compiler that the Swift toolchain brings.
clang=$(dirname "$(readlink -f "$(command -v swiftc)")")/clang
"$clang" -O2 -Wall -Wextra -Werror -o "$work/floor" Bench/floor/floor.c -lm
"$clang" -O2 -Wall -Werror -shared -fPIC -o "$work/allocations.so" Bench/allocations.c -ldl
server=() generator=()
if (($(nproc) > 1)); then server=(taskset -c 0) generator=(taskset -c 1); fi
pid=
stop() {
    [[ -z $pid ]] || { kill -TERM "$pid" 2>/dev/null && wait "$pid" 2>/dev/null; } || true
    pid=
}
trap stop EXIT

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

# run NAME ROUND CALLS [WORDS FOR `parley bench load`]
run() {
    local name=$1 round=$2 count=$3
    shift 3
    for _ in $(seq 100); do
        if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then break; fi
        kill -0 "$pid" 2>/dev/null || { echo "bench: the server of $name did not come up" >&2; exit 2; }
        sleep 0.1
    done
    "${generator[@]}" "$parley" bench load "ws://127.0.0.1:$port/media/twilio" --name "$name" --calls "$count" \
        --seconds "$seconds" --pid "$pid" --out "$out/$name-$round.json" "$@" >"$work/last.txt" || cat "$work/last.txt" >&2
    echo "measured $name, round $round"
    stop
}

for round in $(seq "$rounds"); do
    for count in $calls; do
        port=$(free_port)
        "${server[@]}" "$work/floor" "$port" &
        pid=$!
        run "floor-$count" "$round" "$count"
        port=$(free_port)
        rm -f "$work"/ledger.sqlite*
        "${server[@]}" "$parley" serve --config Bench/instant.yaml --port "$port" --ledger "$work/ledger.sqlite" \
            >"$work/gateway.log" 2>&1 &
        pid=$!
        run "parley-$count" "$round" "$count"
    done
done
# Counting costs time: a run of its own.
port=$(free_port)
rm -f "$work"/ledger.sqlite* "$work/allocations"
PARLEY_ALLOCATIONS=$work/allocations LD_PRELOAD=$work/allocations.so "${server[@]}" "$parley" serve \
    --config Bench/instant.yaml --port "$port" --ledger "$work/ledger.sqlite" >"$work/gateway.log" 2>&1 &
pid=$!
run counted 1 100 --allocations "$work/allocations"

echo
"$parley" bench report --slo "$slo" "$out"/*.json
