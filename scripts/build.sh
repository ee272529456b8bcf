#!/usr/bin/env bash
# Builds the release binary, unless nothing has changed since: the package manager alone takes seconds to find that out, and
# now and then compiles packages anew that nobody touched.
#
#   scripts/build.sh [OPTIONS OF swift build]
set -euo pipefail
cd "$(dirname "$0")/.."
binary=.build/release/parley
if [[ -x $binary && -z $(find Package.swift Sources scripts/build.sh -newer "$binary" -print -quit) ]]; then
    echo "nothing has changed since $binary was built"
    exit 0
fi
[[ -x $binary ]] || echo "the first time: 5 to 11 minutes on two cores"
# shellcheck disable=SC2086
exec swift build ${SWIFT_FLAGS:--c release -Xswiftc -enable-testing} --product parley "$@"
