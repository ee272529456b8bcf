#!/usr/bin/env bash
# Makes an environment with the vendors' own clients, pinned, that check the fake engines of the tests, where it is not there
# yet, and prints its interpreter: for PARLEY_ENGINE_PYTHON. Exit 1, and says why, where that cannot be done.
set -euo pipefail
cd "$(dirname "$0")/.."
venv=$PWD/.build/engine-clients list=scripts/engine_clients.requirements.txt
if ! cmp -s "$list" "$venv/installed"; then
    rm -rf "$venv"
    if ! { "${PYTHON:-python3}" -m venv "$venv" && "$venv/bin/pip" install --quiet --disable-pip-version-check -r "$list"; } >&2; then
        rm -rf "$venv"
        echo "engine-python: the packages of $list could not be installed; the lines above say why" >&2
        exit 1
    fi
    cp "$list" "$venv/installed"
fi
echo "$venv/bin/python"
