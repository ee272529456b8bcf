#!/usr/bin/env bash
# When turns end, on the labelled telephone audio that `make bench-turns` uses, with the embedded recogniser in virtual time:
# how many turns are cut off, and how long after their true end they are declared over, by 500 ms of silence alone and by
# the answer. Prints a table; exit 2 without corpus or engines.
#
#   scripts/endpoints.sh [CORPUS, ../shared/corpus if not given]
set -euo pipefail
corpus=$(realpath -m "${1:-$(dirname "$0")/../../shared/corpus}")
cd "$(dirname "$0")/.."
parley=${PARLEY:-.build/release/parley}
[[ -d $corpus/labels ]] || { echo "endpoints: $corpus holds no corpus; name its folder" >&2; exit 2; }
[[ -d ${PARLEY_ENGINES:-engines}/moonshine ]] || { echo "endpoints: there are no engines; run \`make engines\`" >&2; exit 2; }
python3 scripts/live_turns/endpoints.py "$parley" "$corpus"
