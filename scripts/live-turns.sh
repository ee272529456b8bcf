#!/usr/bin/env bash
# Talks over the agent in live calls, through a gateway with the embedded engines, and measures what comes of it:
#
#   A  coughs and nods: the agent goes on, with at most one word repeated and none lost
#   B  real interruptions: how soon the agent's sound stops, and whether its words on record are those that were heard
#   C  noises, played over an agent that talks on: how often it is stopped for nothing, and how long it then pauses
#
# Prints a table; exit 1 when a bound is not kept. Some twenty minutes; run it on an idle machine. With CLOCK=virtual the same
# calls are played in virtual time, without a gateway: a minute or two of work, and the machine may be busy. C needs the
# labelled telephone audio that `make bench-turns` uses, and is left out, loudly, without it.
#
#   scripts/live-turns.sh [CORPUS, ../shared/corpus if not given]
#
#   PARTS=AB     only these
#   CLOCK=virtual
#   KEEP=folder  keeps recordings, reports and logs there
set -euo pipefail
corpus=$(realpath -m "${1:-$(dirname "$0")/../../shared/corpus}")
cd "$(dirname "$0")/.."
source scripts/gateway.sh
[[ -d ${PARLEY_ENGINES:-engines}/joe ]] || { echo "live-turns: there are no engines; run \`make engines\`" >&2; exit 2; }

if [[ -n ${KEEP:-} ]]; then work=$(realpath -m "$KEEP") && mkdir -p "$work"; else work=$(mktemp -d); fi
trap 'gateway_stop || true; [[ -n ${KEEP:-} ]] || rm -rf "$work"' EXIT
parts=${PARTS:-ABC}
export PYTHONDONTWRITEBYTECODE=1

# stage NAME FLOW: one gateway, and the calls that NAME stands for.
stage() {
    local name=$1 flow=$2 directory=$work/$1
    mkdir -p "$directory"
    if [[ ${CLOCK:-} == virtual ]]; then
        python3 scripts/live_turns/calls.py "$name" --parley "$parley" --directory "$directory" --corpus "$corpus" \
            --flow "scripts/live_turns/$flow"
        return
    fi
    rm -f "$directory"/ledger.sqlite*
    printf 'insecure: true\nagent:\n  flow: %s\n' "$PWD/scripts/live_turns/$flow" \
        >"$directory/parley.yaml"
    gateway_start "$directory" --config "$directory/parley.yaml"
    # Until joe is loaded flite speaks in its place.
    for _ in {1..200}; do
        if grep -q ' joe: from ' "$directory/gateway.log"; then break; fi
        sleep 0.1
    done
    python3 scripts/live_turns/calls.py "$name" --parley "$parley" --port "$gateway_port" --directory "$directory" \
        --corpus "$corpus"
    gateway_stop || { echo "the gateway did not end well:"; tail -n 20 "$directory/gateway.log"; exit 1; }
}

stages=()
if [[ $parts == *A* ]]; then
    stage nods list.yaml
    stages+=(nods)
fi
if [[ $parts == *B* ]]; then
    stage interruptions-list list.yaml
    stage interruptions-talk talk.yaml
    stages+=(interruptions-list interruptions-talk)
fi
if [[ $parts == *C* ]]; then
    if [[ -d $corpus/labels ]]; then
        stage noises talk.yaml
        stages+=(noises)
    else
        printf '\n*** C IS LEFT OUT: %s holds no corpus ***\n' "$corpus" >&2
    fi
    if "$parley" call --help | grep -q -- --echo; then
        stage echoes talk.yaml
        stages+=(echoes)
    else
        printf '\n*** Echo is left out: this parley call has no --echo ***\n' >&2
    fi
fi
echo
python3 scripts/live_turns/verdict.py "$work" "${stages[@]}"
