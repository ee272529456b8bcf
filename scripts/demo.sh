#!/usr/bin/env bash
# Plays a recorded caller through a running gateway with the embedded engines, and shows what became of the call: the
# conversation, the waterfall, the record, the text message, its replay. Exit 1 when any of it is not as it should be.
# Ledger and capsule stay in .build/demo until the next time.
#
#   scripts/demo.sh                                    Fixtures/books-a-cleaning
#   FIXTURE=Fixtures/refuses-the-text scripts/demo.sh  another caller
#   WAV=other.wav scripts/demo.sh                      everything the caller says is this instead: must fail
set -euo pipefail
fixture=$(realpath -e "${FIXTURE:-$(dirname "$0")/../Fixtures/books-a-cleaning}")
wav=${WAV:+$(realpath -e "$WAV")}
cd "$(dirname "$0")/.."
source scripts/gateway.sh

work=$PWD/.build/demo
rm -rf "$work" && mkdir -p "$work"
trap 'gateway_stop || true' EXIT
cat >"$work/parley.yaml" <<YAML
insecure: true
capsules: all
capsule: {directory: "$work/capsules"}
ledger: {path: "$work/ledger.sqlite"}
YAML
if [[ -n $wav ]]; then
    cp -r "$fixture" "$work/"
    fixture=$work/$(basename "$fixture")
    for utterance in $(sed -n 's/^ *- wav: *//p' "$fixture/call.yaml"); do cp "$wav" "$fixture/$utterance"; done
fi
# What the fixture expects of the ledger as well: one text unless it says otherwise.
texts=$(sed -n 's/^  messages: *\([0-9]*\).*/\1/p' "$fixture/call.yaml")

gateway_start "$work" --config "$work/parley.yaml"
echo "A gateway listens on port $gateway_port. The caller: $(basename "$fixture")."
echo
result=0
"$parley" call "ws://127.0.0.1:$gateway_port/media/twilio" --fixture "$fixture" || result=$?
if ((result == 2)); then echo "demo: NOT as expected: no call was made" && exit 1; fi
if ! gateway_stop; then
    echo "NOT AS EXPECTED  the gateway did not end well:" && tail -n 20 "$work/gateway.log"
    result=1
fi

echo
echo "The record of the call (parley ledger call last):"
"$parley" ledger call last --ledger "$work/ledger.sqlite" || result=1
echo
echo "The text messages (parley ledger messages):"
"$parley" ledger messages --ledger "$work/ledger.sqlite" || result=1
echo
"$parley" ledger call last --json --ledger "$work/ledger.sqlite" >"$work/call.json" || result=1
"$parley" ledger messages --json --ledger "$work/ledger.sqlite" >"$work/messages.json" || result=1
python3 - "$work" "${texts:-1}" <<'PYTHON' || result=1
import json, sys
work, expected = sys.argv[1], int(sys.argv[2])
call, messages = (json.load(open(f"{work}/{name}.json")) for name in ("call", "messages"))
consents = {consent["id"] for consent in call["consents"]}
faults = []
if len(messages) != expected:
    faults.append(f"the ledger holds {len(messages)} text messages, not {expected}")
faults += [f"the text {m['id']} has no consent in the ledger" for m in messages if m["consent"] not in consents]
if not call["call"].get("end_reason"):
    faults.append("the call has no end in the ledger")
if not call["waterfalls"]:
    faults.append("the ledger holds no waterfall")
for fault in faults:
    print("NOT AS EXPECTED ", fault)
sys.exit(1 if faults else 0)
PYTHON
echo "The call again, from its capsule (parley replay):"
"$parley" replay "$work/capsules" || result=1
echo
if ((result)); then
    echo "demo: NOT as expected" && exit 1
fi
echo "demo: the conversation, the waterfall, the ledger and the replay are as expected"
echo "Make a test of it: $parley ledger export last --config .build/demo/parley.yaml --fixture my-first-fixture"
echo "and replay that:   $parley replay my-first-fixture"
