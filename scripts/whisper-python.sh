#!/usr/bin/env bash
# Makes an environment with a real recogniser behind Wyoming, Whisper tiny.en in faster-whisper, pinned, where it is not there
# yet (about 560 MB), and prints its interpreter. Exit 1, and says why, where that cannot be done.
set -euo pipefail
cd "$(dirname "$0")/.."
venv=$PWD/.build/whisper list=scripts/whisper.requirements.txt
if ! cmp -s "$list" "$venv/installed"; then
    rm -rf "$venv"
    if ! { "${PYTHON:-python3}" -m venv "$venv" && "$venv/bin/pip" install --quiet --disable-pip-version-check -r "$list"; } >&2; then
        rm -rf "$venv"
        echo "whisper-python: the packages of $list could not be installed; the lines above say why" >&2
        exit 1
    fi
    cp "$list" "$venv/installed"
fi
echo "$venv/bin/python"
