#!/usr/bin/env bash
# Fits the voice-activity detector's model to labelled telephone audio: makes more audio from it, has the detector
# measure all of it, writes Sources/ParleyCore/VoiceActivity/SpeechModelTable.swift and prints the figures.
# With --folds N nothing is written: N fits without a part of the audio each, judged by that part.
#
#   scripts/vad/fit.sh [--folds N] [CORPUS, ../shared/corpus if not given]
#
# WORK: where the audio and its features go, .build/vad-fit if not given. SEED: another start for the network.
# Needs the release binary, numpy and scipy.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
folds=
if [[ ${1:-} == --folds ]]; then
    folds=${2:-}
    [[ $folds =~ ^[2-9]$ ]] || { echo "fit: --folds takes a number from 2 to 9" >&2; exit 2; }
    shift 2
fi
corpus=$(realpath -m "${1:-$here/../../../shared/corpus}")
cd "$here/../.."
parley=${PARLEY:-.build/release/parley}
work=${WORK:-.build/vad-fit}
python=${PYTHON:-python3}
# The matrices are small: more threads cost more than they give, and their number would change the last digits.
export OPENBLAS_NUM_THREADS=1 PYTHONDONTWRITEBYTECODE=1
[[ -e $corpus/score_vad.py ]] || { echo "fit: there is no corpus at $corpus" >&2; exit 1; }
[[ -x $parley ]] || { echo "fit: there is no $parley; run \`make build\`" >&2; exit 1; }
"$python" -c 'import numpy, scipy' || { echo "fit: pip install numpy scipy" >&2; exit 1; }

# Has the detector measure every caller in FOLDER/wav; further words go to it.
measure() {
    local folder=$1 features=$2
    shift 2
    rm -rf "$features"
    mkdir -p "$features"
    local callers
    mapfile -t callers < <(find "$folder/wav" -name '*.wav' ! -name '*.agent.wav' | sort)
    "$parley" vad "${callers[@]}" --features "$features" "$@" 2>"$work/measure.log" || {
        cat "$work/measure.log" >&2
        return 1
    }
}

# Makes COUNT recordings, and has them measured.
make_audio() {
    local folder=$work/$1 count=$2
    shift 2
    rm -rf "$folder"
    "$python" "$here/augment.py" "$corpus" "$folder" "$count" "$@"
    measure "$folder" "$folder/features"
}

measure "$corpus" "$work/features"
measure "$corpus" "$work/features-alone" --no-reference
if [[ $folds ]]; then
    for ((fold = 0; fold < folds; fold++)); do
        make_audio "fold$fold" 240 --seed $((fold + 1)) --folds "$folds" --without "$fold"
    done
    "$python" "$here/fit.py" "$corpus" "$work" --folds "$folds" ${SEED:+--seed "$SEED"}
else
    make_audio whole 320 --seed 10
    "$python" "$here/fit.py" "$corpus" "$work" ${SEED:+--seed "$SEED"}
    echo "Build again to have it; \`make bench-turns\` scores the detector itself."
fi
