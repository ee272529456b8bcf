#!/usr/bin/env bash
# Makes an environment with the vendors' packages, pinned, that scripts/provider_signatures.py needs, where it is not there
# yet, and prints its interpreter: for PARLEY_PROVIDER_PYTHON. Exit 1, and says why, where that cannot be done.
set -euo pipefail
cd "$(dirname "$0")/.."
venv=$PWD/.build/provider-signatures list=scripts/provider_signatures.requirements.txt
if ! cmp -s "$list" "$venv/installed"; then
    rm -rf "$venv"
    if ! { "${PYTHON:-python3}" -m venv "$venv" && "$venv/bin/pip" install --quiet --disable-pip-version-check -r "$list"; } >&2; then
        rm -rf "$venv"
        echo "provider-python: the packages of $list could not be installed; the lines above say why" >&2
        exit 1
    fi
    cp "$list" "$venv/installed"
fi
echo "$venv/bin/python"
