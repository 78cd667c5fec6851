# What people and machines type. Each target sets up what it needs.

PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
RUNTIME := $(VENV)/.runtime
DEVELOPMENT := $(VENV)/.development
BENCHMARK := $(VENV)/.benchmark
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: setup demo serve test test-postgresql fast fuzz check format bench bench-microphone bench-listening bench-speech bench-fairness bench-answers bench-dashboard bench-playback bench-device bench-interruptions lock picture clean help bench-events bench-scale chaos

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 18

setup: $(RUNTIME) ## make .venv from the pinned lock, compile the kernels, build the speech model

demo: $(RUNTIME) ## watch three microphones hear one sentence, live
	@$(BIN)/mira demo

serve: $(RUNTIME) ## run the hub on embedded defaults
	@exec $(BIN)/mira serve

test: $(DEVELOPMENT) ## every test, with real servers and real speech; what fails runs once more, and is named
	$(BIN)/python -m pytest -n 2 --dist loadgroup -q --reruns 1 -rR

fast: $(DEVELOPMENT) ## the tests of the everyday loop
	$(BIN)/python -m pytest -q -m "not slow"

test-postgresql: $(DEVELOPMENT) ## dialects and journeys once more, with hubs on PostgreSQL
	$(BIN)/python -m pytest -n 2 --dist loadgroup -q --store postgresql \
	  tests/adapters/http tests/adapters/websocket tests/adapters/hub tests/journeys

fuzz: $(DEVELOPMENT) ## every edge of every schema in /openapi.json, on a real hub
	FUZZ=thorough $(BIN)/python -m pytest -q tests/journeys/test_openapi_held_against_a_hub.py

check: $(DEVELOPMENT) ## style, types and the direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(DEVELOPMENT) ## put the code into its usual form
	$(BIN)/ruff check --fix-only -q .
	$(BIN)/ruff format -q .

bench: bench-microphone bench-listening bench-speech bench-fairness bench-answers bench-dashboard bench-playback bench-device bench-interruptions ## measure, side by side

bench-microphone: $(BENCHMARK) ## which scorer picks the right microphone
	$(BIN)/python -m benchmarks.microphone --scenes 60

bench-listening: $(BENCHMARK) ## switches, turn ends, talkers
	$(BIN)/python -m benchmarks.listening --households 10
	$(BIN)/python -m benchmarks.turns
	$(BIN)/python -m benchmarks.talkers

bench-speech: $(BENCHMARK) ## word error rate, requests understood, the gate
	$(BIN)/python -m benchmarks.speech

bench-events: $(DEVELOPMENT) ## events per second to NATS, and what a turn costs with many networks
	$(BIN)/python -m benchmarks.events

bench-scale: $(DEVELOPMENT) ## what streams, turns and instances cost, in CPU
	$(BIN)/python -m benchmarks.scale

chaos: $(DEVELOPMENT) ## kill one of three hubs in the middle of a sentence, ten times
	CHAOS_ROUNDS=10 $(BIN)/python -m pytest -q tests/journeys/test_several_hubs.py

bench-dashboard: $(DEVELOPMENT) ## keys and memory of the dashboard on a big, busy hub
	$(BIN)/python -m benchmarks.dashboard

bench-fairness: $(DEVELOPMENT) ## does one network at its limit slow another
	$(BIN)/python -m benchmarks.fairness

bench-answers: $(DEVELOPMENT) ## how soon the first sentence of an answer sounds
	$(BIN)/python -m benchmarks.answers

bench-interruptions: $(BENCHMARK) ## who speaks over an answer stops it, and the answer itself does not
	$(BIN)/python -m benchmarks.interruptions

bench-playback: $(DEVELOPMENT) ## how closely devices begin together
	$(BIN)/python -m benchmarks.playback

bench-device: $(DEVELOPMENT) ## what a device costs the machine that it runs on
	$(BIN)/python -m benchmarks.device

picture: $(DEVELOPMENT) ## draw docs/demo.svg and docs/dashboard.svg from real runs
	$(BIN)/mira demo --picture docs/demo.svg
	$(BIN)/python -m benchmarks.dashboard.picture docs/dashboard.svg

lock: $(DEVELOPMENT) ## write the locks anew from pyproject.toml
	$(BIN)/python -m pip install -q uv
	$(BIN)/uv pip compile pyproject.toml --universal --generate-hashes --no-header --no-annotate \
		--python-version 3.11 -o requirements/runtime.txt -q
	$(BIN)/uv pip compile pyproject.toml --extra dev --universal --generate-hashes --no-header --no-annotate \
		--python-version 3.11 -c requirements/runtime.txt -o requirements/development.txt -q

clean: ## remove the environment and all caches
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(BIN)/python:
	@echo "[1/4] making $(VENV)"
	@$(PYTHON) -m venv $(VENV)

$(RUNTIME): requirements/runtime.txt pyproject.toml | $(BIN)/python
	@echo "[2/4] installing the pinned packages (a minute or two the first time)"
	@$(BIN)/python -m pip install -q --require-hashes -r requirements/runtime.txt
	@$(BIN)/python -m pip install -q --no-deps -e .
	@echo "[3/4] compiling the audio kernels"
	@$(BIN)/python -m entrypoints.preparation kernels
	@echo "[4/4] building the speech model from the intents"
	@$(BIN)/python -m entrypoints.preparation speech
	@touch $@

$(DEVELOPMENT): requirements/development.txt $(RUNTIME)
	@echo "[+] installing what tests and checks need"
	@$(BIN)/python -m pip install -q --require-hashes -r requirements/development.txt
	@touch $@

$(BENCHMARK): pyproject.toml $(DEVELOPMENT)
	@echo "[+] installing what benchmarks compare with"
	@$(BIN)/python -m pip install -q -c requirements/development.txt ".[benchmark]"
	@touch $@
