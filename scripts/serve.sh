#!/usr/bin/env bash
# From a clone to a gateway that talks: packages, engines, build, serve. Says how long each step took, and when the first
# word can be spoken.
#
#   scripts/serve.sh [OPTIONS OF parley serve]
set -euo pipefail
cd "$(dirname "$0")/.."
parley=${PARLEY:-.build/release/parley}
began=$EPOCHREALTIME
steps=

seconds() { awk -v from="$1" -v to="$EPOCHREALTIME" 'BEGIN { printf "%.1f", to - from }'; }

step() {
    local name=$1 from=$EPOCHREALTIME
    shift
    echo "== $name"
    "$@"
    steps+="$name $(seconds "$from") s, "
}

# The recogniser is needed to be understood; the better voice is not: without it flite speaks.
engines() {
    scripts/engines.sh && return
    echo "serve: trying again without the voice joe; flite speaks instead"
    scripts/engines.sh --no-joe
}

step "system packages" scripts/system-packages.sh build
step "speech engines" engines
step "build" scripts/build.sh

# Told beside the gateway, so that Ctrl-C reaches the gateway itself.
port=8080
arguments=("$@")
for index in "${!arguments[@]}"; do
    case ${arguments[index]} in
    --port) port=${arguments[index + 1]:-0} ;;
    --port=*) port=${arguments[index]#*=} ;;
    --config | --config=*) port=0 ;;
    esac
done
if [[ $port != 0 ]]; then
    (
        from=$EPOCHREALTIME
        gateway=$$
        until scripts/ready.sh "$port"; do
            kill -0 "$gateway" 2>/dev/null || exit 0
            sleep 0.1
        done
        # Another gateway on this port is not ours to speak for.
        sleep 0.2
        kill -0 "$gateway" 2>/dev/null || exit 0
        echo "Ready to speak $(seconds "$began") s after \`make serve\`: ${steps}engines loaded $(seconds "$from") s"
    ) &
fi
echo "== serve"
exec "$parley" serve "$@"
