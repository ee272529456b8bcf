#!/usr/bin/env bash
# Takes one deadline, or one guard of a promise, out of the call at a time, and tells within how many simulated calls that
# is found. Exit 1 if one is not.
#
#   scripts/mutants.sh [NAME...]     all of scripts/mutants/list, or those whose names are given
#   SEEDS=1000                       how many calls each is given
#
# Needs a release build with `-Xswiftc -enable-testing` (as `make test` makes it): of it only ParleyCore, the mutant, and the
# simulator are compiled again, in a folder of their own.
set -euo pipefail
cd "$(dirname "$0")/.."

build=$PWD/.build/release
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
[ -d "$build/Modules" ] || { echo "mutants: there is no release build; run \`make test\` once" >&2; exit 2; }

flags=(-O -wmo -swift-version 6 -enable-testing -parse-as-library -suppress-warnings
    -enable-upcoming-feature ExistentialAny -enable-upcoming-feature MemberImportVisibility)
maps=()
while read -r map; do maps+=(-Xcc "-fmodule-map-file=$map"); done < <(
    find .build/checkouts/{Yams,swift-crypto,GRDB.swift/Sources} -name module.modulemap | sed "s|^|$PWD/|")
objects=()
# By source: of files that are gone, objects may still lie about.
for module in ParleyWire ParleyMessaging ParleyActions ParleyAgents ParleyLedger; do
    while read -r source; do objects+=("$build/$module.build/$(basename "$source").o"); done < <(
        find "Sources/$module" -name '*.swift')
done
for module in GRDB Crypto CryptoBoringWrapper CCryptoBoringSSL CCryptoBoringSSLShims CXKCP CXKCPShims Yams CYaml; do
    while read -r object; do objects+=("$object"); done < <(find "$build/$module.build" -name '*.o' 2>/dev/null)
done

# The simulator over the core in $work/Sources, run.
simulate() {
    mkdir -p "$work/modules"
    swiftc "${flags[@]}" -module-name ParleyCore -emit-module -emit-module-path "$work/modules/ParleyCore.swiftmodule" \
        -c $(find "$work/Sources/ParleyCore" -name '*.swift') -o "$work/core.o" || return 3
    swiftc "${flags[@]}" -I "$work/modules" -I "$build/Modules" "${maps[@]}" -module-name mutants \
        -c $(find Sources/ParleyReplay/Simulation -name '*.swift') scripts/mutants/run.swift -o "$work/simulator.o" || return 3
    swiftc "$work/core.o" "$work/simulator.o" "${objects[@]}" -lsqlite3 -lstdc++ -o "$work/simulate" || return 3
    "$work/simulate" Sources/ParleyGateway/Resources/dentist.yaml "${SEEDS:-1000}"
}

missed=0
while IFS='|' read -r name file edit; do
    case $name in '' | '#'*) continue ;; esac
    if [ $# -gt 0 ]; then
        wanted=0
        for argument in "$@"; do [ "$argument" = "$name" ] && wanted=1; done
        [ $wanted = 1 ] || continue
    fi
    rm -rf "$work/Sources"
    mkdir -p "$work/Sources"
    cp -r Sources/ParleyCore "$work/Sources/"
    perl -0pi -e "$edit" "$work/Sources/ParleyCore/$file"
    if cmp -s "Sources/ParleyCore/$file" "$work/Sources/ParleyCore/$file"; then
        echo "$name: the edit changes nothing; mend scripts/mutants/list" >&2
        exit 2
    fi
    status=0
    said=$(SWIFT_BACKTRACE=enable=no simulate 2>"$work/progress") || status=$?
    if [ $status -ge 128 ]; then
        echo "$name: found within $(sed -n 's/^seeds //p' "$work/progress" | tail -1) seeds: it traps"
        continue
    fi
    [ $status -le 1 ] || { cat "$work/progress" >&2; echo "$name: does not compile" >&2; exit 2; }
    echo "$name: $said"
    [ $status = 0 ] || missed=1
done < scripts/mutants/list
exit $missed
