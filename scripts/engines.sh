#!/bin/sh
# Installs the embedded speech engines: a recogniser (Moonshine) and, unless told otherwise, the better voice (joe).
# Seconds when they are there already.
#
#   scripts/engines.sh [--no-joe] [DIRECTORY, ./engines if not given]
set -eu

here=$(cd "$(dirname "$0")" && pwd)
command -v python3 >/dev/null 2>&1 || {
    echo "engines: python3 is missing; run scripts/system-packages.sh" >&2
    exit 1
}
exec python3 "$here/engines/install.py" "$@"
