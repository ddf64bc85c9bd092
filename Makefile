# Two commands do all the set-up: `make run` and `make test`. Both need Python 3.11 or newer, pip and make.
# `make bench BENCH_DATA=FOLDER` measures ranking on the judged collections in a folder; `make fuzz` looks for bytes
# that readers, queries, highlights or an index's files cannot bear, each for FUZZ_SECONDS.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INDEX := .broadsheet
QUERY := the gates held back the water
FUZZ_SECONDS := 60
FUZZ_TARGETS := index query readers snippet
export HF_HUB_OFFLINE ?= 1

.PHONY: run test check check-only bench fuzz clean

# The project's own index, never the user's. Without a terminal one search is printed instead of the screen.
run: $(INDEX)/CURRENT
	@if [ -t 0 ] && [ -t 1 ]; then $(BIN)/broadsheet tui --index $(INDEX); \
	else $(BIN)/broadsheet search --index $(INDEX) $(QUERY); fi

$(INDEX)/CURRENT: $(wildcard seeds/* index/*.py index/*/*.py) | $(VENV)/.installed
	$(BIN)/broadsheet index rebuild --index $(INDEX) seeds
	@touch $@

test: $(VENV)/.dev
	$(BIN)/python -m pytest

check: check-only test

check-only: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.dev
	$(BIN)/python -m benchmarks $(BENCH_DATA)

# Any bytes through readers, queries, highlights and index files, a target after the other; atheris has no wheel for every system, so that it is no part of `dev`.
fuzz: $(VENV)/.dev
	$(BIN)/python -m pip install --quiet --constraint constraints.txt atheris
	for target in $(FUZZ_TARGETS); do $(BIN)/python tests/fuzz/run.py $$target -max_total_time=$(FUZZ_SECONDS) \
		-max_len=20000 -timeout=60 -rss_limit_mb=2048 || exit 1; done

clean:
	rm -rf $(VENV) $(INDEX)

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable .
	@touch $@

$(VENV)/.dev: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev]'
	@touch $@ $(VENV)/.installed
