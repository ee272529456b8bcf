# Everything starts here: `make serve` runs the gateway, `make demo` shows it a caller, `make test` proves it.
# Each target sets up what it needs on Debian or Ubuntu with the Swift toolchain, and says what it installs.

# One set of flags for all: the binary that serves is the binary that is tested, and it is compiled once.
SWIFT_FLAGS := -c release -Xswiftc -enable-testing
PARLEY := .build/release/parley
# N: rounds of fixtures-check. FIXTURE, WAV: of demo. ARGS: further words for `parley serve`.
# CORPUS: the labelled telephone audio of bench-turns.
N ?= 10
CORPUS ?= ../shared/corpus
PYTHON ?= python3
export FIXTURE WAV PARLEY SWIFT_FLAGS ENGINES CALLS ROUNDS SECONDS_EACH SLO

.PHONY: help serve build engines packages demo test test-engines fixtures-check bench bench-turns bench-components bench-engines fuzz lint clean

help:  ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 24

serve:  ## sets everything up and runs the gateway on 127.0.0.1:8080 (ARGS='--port 9090')
	@scripts/serve.sh $(ARGS)

build: packages  ## the release binary, .build/release/parley
	@scripts/build.sh

packages:
	@scripts/system-packages.sh build

engines: packages  ## the embedded recogniser and voices, in engines/
	@scripts/engines.sh

demo: build engines  ## plays a recorded caller through a running gateway (FIXTURE=folder, WAV=other voice)
	@scripts/demo.sh

test:  ## sets up, and runs every test: unit, fixture calls, browser
	@scripts/test.sh

fixtures-check: build engines  ## every fixture N=10 times, with the latency bounds of each round
	@scripts/fixtures.sh $(N)

test-engines: build engines  ## engines over the network: against fakes, fakes against the vendors' clients, and a real Whisper (560 MB)
	@scripts/test-engines.sh

bench-engines:  ## what each engine's adapter adds, at 50 calls: three idle minutes (ENGINES="deepgram wyoming")
	@scripts/engine-latency.sh

lint:  ## the formatter's opinion of all Swift
	@swift format lint --strict --recursive --parallel Sources Tests Examples Fuzz Package.swift

bench: build  ## many callers at once, beside a C server that only echoes, judged by Bench/slo.yaml: six idle minutes (CALLS, ROUNDS)
	@scripts/bench.sh

bench-turns: build  ## who speaks, and when they have finished: measured beside other detectors (CORPUS=folder)
	@$(PYTHON) Bench/turns/bench-turns --parley $(PARLEY) --corpus $(CORPUS) $(ARGS)

bench-components: build  ## what each piece of a frame's way costs, and that none asks for memory (ARGS='vad wire')
	@scripts/bench-components.sh $(ARGS)

fuzz: packages  ## what strangers send, made up by libFuzzer: 30 s each (TARGETS='twilio flow' SECONDS_EACH=600)
	@scripts/fuzz.sh $(TARGETS)

clean:  ## removes what was built; engines/ and the ledger stay
	@rm -rf .build .build-fuzz
