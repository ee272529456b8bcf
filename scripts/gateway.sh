# A gateway of its own for a script: a free port, a ledger that is thrown away. Source it from bash.
#
#   gateway_start DIRECTORY [WORDS FOR serve]   sets gateway_port; DIRECTORY holds ledger.sqlite and gateway.log
#   gateway_stop                                as an operator would (SIGTERM), and waits until the ledger is closed

parley=${PARLEY:-.build/release/parley}
gateway_pid=

gateway_start() {
    local directory=$1 log=$1/gateway.log deadline=$((SECONDS + 60))
    shift
    [[ -x $parley ]] || { echo "there is no $parley; run \`make build\`" >&2; return 1; }
    "$parley" serve --port 0 --ledger "$directory/ledger.sqlite" "$@" >"$log" 2>&1 </dev/null &
    gateway_pid=$!
    gateway_port=
    until [[ -n $gateway_port ]] && scripts/ready.sh "$gateway_port"; do
        if ! kill -0 "$gateway_pid" 2>/dev/null || ((SECONDS > deadline)); then
            cat "$log" >&2
            echo "the gateway did not come up; the lines above say why" >&2
            return 1
        fi
        sleep 0.05
        gateway_port=$(sed -n 's|^Talk to it: .*:\([0-9]*\)/talk$|\1|p' "$log")
    done
}

gateway_stop() {
    [[ -n $gateway_pid ]] || return 0
    local pid=$gateway_pid
    gateway_pid=
    kill -TERM "$pid" 2>/dev/null || return 0
    wait "$pid"
}
