#!/usr/bin/env bash
# Fuzzes what strangers send to us, with libFuzzer and the address sanitizer: coverage guides it, Fuzz/Corpus is where it starts.
# Exit 1 at the first finding, whose input is left in .build-fuzz/findings; 2 where it could not be run.
#
#   scripts/fuzz.sh [TARGET...]        all targets, or these: the folders of Fuzz/Corpus
#   SECONDS_EACH=600 scripts/fuzz.sh   so long each; 30 by default
set -eEuo pipefail
cd "$(dirname "$0")/.."
build=.build-fuzz
program=$build/parley-fuzz
# The compiler that the Swift toolchain brings: its sanitizer is the one that is linked.
clang=$(dirname "$(readlink -f "$(command -v swiftc)")")/clang
yams=.build/checkouts/Yams/Sources
export SWIFT_BACKTRACE=enable=no
seconds=${SECONDS_EACH:-30}
[[ $seconds =~ ^[1-9][0-9]*$ ]] || { echo "SECONDS_EACH=$seconds should be a whole number of seconds" >&2 && exit 2; }

# Whether something in these folders is newer than a product; a folder is when a file came or went.
newer() {
    [[ ! -e $1 || -n $(find "${@:2}" -name Corpus -prune -o -newer "$1" -print -quit) ]]
}

# One module, for coverage and sanitizers: MODULE FOLDER 'MODULES THAT IT IMPORTS' [OPTIONS OF swiftc]
module() {
    local name=$1 folder=$2 import imports=()
    for import in $3; do imports+=("$build/$import.o"); done
    shift 3
    newer "$build/$name.o" "$folder" scripts/fuzz.sh "${imports[@]}" || return 0
    echo "compiling $name"
    find "$folder" -name '*.swift' -print0 | sort -z | xargs -0 swiftc -O -g -whole-module-optimization \
        -parse-as-library -sanitize=fuzzer,address -module-name "$name" -I "$build" -I "$yams/CYaml/include" \
        -emit-module -emit-module-path "$build/$name.swiftmodule" -c -o "$build/$name.o.new" "$@"
    mv "$build/$name.o.new" "$build/$name.o"
}

compile() {
    local own=(-swift-version 6 -enable-upcoming-feature ExistentialAny -enable-upcoming-feature MemberImportVisibility)
    mkdir -p "$build"
    [[ -d $yams ]] || swift package resolve
    if newer "$build/CYaml.a" "$yams/CYaml" scripts/fuzz.sh; then
        echo "compiling CYaml"
        local source objects=()
        for source in "$yams"/CYaml/src/*.c; do
            objects+=("$build/CYaml-$(basename "$source" .c).o")
            "$clang" -O2 -g -fsanitize=address,fuzzer-no-link -DYAML_DECLARE_STATIC -I "$yams/CYaml/include" -c "$source" \
                -o "${objects[-1]}"
        done
        rm -f "$build/CYaml.a"
        ar rc "$build/CYaml.a" "${objects[@]}"
    fi
    module Yams "$yams/Yams" '' -swift-version 5 -D SWIFT_PACKAGE -Xcc -DYAML_DECLARE_STATIC -suppress-warnings
    module ParleyCore Sources/ParleyCore '' "${own[@]}"
    module ParleyWire Sources/ParleyWire ParleyCore "${own[@]}"
    module ParleyMessaging Sources/ParleyMessaging ParleyCore "${own[@]}"
    module ParleyAgents Sources/ParleyAgents 'ParleyCore ParleyMessaging Yams' "${own[@]}"
    module ParleyFuzz Fuzz 'ParleyCore ParleyWire ParleyAgents' "${own[@]}" -import-objc-header Fuzz/Main/PeakMemory.h
    "$clang" -O2 -fsanitize=address -c Fuzz/Main/PeakMemory.c -o "$build/PeakMemory.o"
    newer "$program" "$build"/*.[ao] || return 0
    swiftc -use-ld=lld -sanitize=fuzzer,address -o "$program" \
        "$build"/{PeakMemory,Yams,ParleyCore,ParleyWire,ParleyMessaging,ParleyAgents,ParleyFuzz}.o "$build/CYaml.a"
}

# What is found on the way is kept in .build-fuzz, from run to run; what is worth keeping for all is moved to Fuzz/Corpus.
fuzz() {
    local target=$1
    mkdir -p "$build/corpus/$target" "$build/findings"
    echo "== $target, $seconds s"
    "$program" "--target=$target" -max_total_time="$seconds" -timeout=5 -rss_limit_mb=1024 -malloc_limit_mb=256 \
        -max_len=4096 -print_final_stats=1 -artifact_prefix="$build/findings/$target-" \
        "$build/corpus/$target" "Fuzz/Corpus/$target" >"$build/$target.log" 2>&1 || {
        cat "$build/$target.log" >&2
        echo "FOUND by $target: the last lines say what, and which file holds the input" >&2
        exit 1
    }
    grep -E 'DONE|stat::(number_of_executed_units|average_exec_per_sec|new_units_added|peak_rss_mb)' "$build/$target.log"
}

targets=("$@")
((${#targets[@]})) || mapfile -t targets < <(ls Fuzz/Corpus)
for target in "${targets[@]}"; do
    [[ -d Fuzz/Corpus/$target ]] || {
        echo "there is no target $target; there are $(ls Fuzz/Corpus | paste -sd ' ')" >&2
        exit 2
    }
done
trap 'exit 2' ERR
compile
trap - ERR
for target in "${targets[@]}"; do fuzz "$target"; done
