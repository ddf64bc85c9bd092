# Two commands do all the set-up: `make run` and `make test`. Both need Python 3.11 or newer, pip and make.
# `make bench` measures speed against other systems, which it installs in an environment of their own under .bench, and
# `make bench-quality` ranking on judged collections; BENCH_DATA is the folder of the collections for both. `make fuzz`
# looks for bytes that readers, queries, highlights or an index's files cannot bear, each for FUZZ_SECONDS.
PYTHON ?= python3
VENV := .venv
PIP = $(BIN)/python -m pip install --quiet
BIN := $(VENV)/bin
INDEX := .broadsheet
QUERY := the gates held back the water
FUZZ_SECONDS := 60
FUZZ_TARGETS := index query readers snippet
BENCH_DATA := ../shared/data
BENCH_ARGS :=
TEST_ARGS :=
export HF_HUB_OFFLINE ?= 1

.PHONY: run test check check-only audit lock bench bench-quality fuzz clean

# The project's own index, never the user's. Without a terminal one search is printed instead of the screen.
run: $(INDEX)/CURRENT
	@if [ -t 0 ] && [ -t 1 ]; then $(BIN)/broadsheet tui --index $(INDEX); \
	else $(BIN)/broadsheet search --index $(INDEX) $(QUERY); fi

$(INDEX)/CURRENT: $(wildcard seeds/* index/*.py index/*/*.py) | $(VENV)/.installed
	$(BIN)/broadsheet index rebuild --index $(INDEX) seeds
	@touch $@

# TEST_ARGS="-n auto --dist loadfile" uses all cores, which is quicker; one after the other is steadier.
test: $(VENV)/.installed
	$(BIN)/python -m pytest $(TEST_ARGS)

check: check-only test

check-only: $(VENV)/.installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pip check

# What was measured is kept; BENCH_ARGS takes e.g. `--sizes 5k,50k --systems broadsheet,tantivy` or `--again`.
bench: $(VENV)/.installed
	$(BIN)/python -m benchmarks.speed --data $(BENCH_DATA) $(BENCH_ARGS)

bench-quality: $(VENV)/.installed
	$(BIN)/python -m benchmarks.quality $(BENCH_DATA)

# Any bytes through readers, queries, highlights and index files, a target after the other; atheris has no wheel for
# every system, so that it is no part of the lock.
fuzz: $(VENV)/.installed
	$(PIP) atheris==3.0.0
	for target in $(FUZZ_TARGETS); do $(BIN)/python tests/fuzz/run.py $$target -max_total_time=$(FUZZ_SECONDS) \
		-max_len=20000 -timeout=60 -rss_limit_mb=2048 || exit 1; done

clean:
	rm -rf $(VENV) $(INDEX)

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

# By hash, without looking at what the packages ask for: that is in the lock. Then what a lock cannot hold: torch, whose
# build depends on the machine, and whatever else another system needs.
$(VENV)/.installed: pyproject.toml requirements.lock constraints.txt | $(VENV)/bin/python
	$(PIP) --no-deps --require-hashes --requirement requirements.lock
	$(PIP) --no-build-isolation --constraint constraints.txt --editable '.[dev]'
	@touch $@

# Renews the lock, at the newest versions that pyproject.toml admits; needs pip-tools in an environment of its own.
lock:
	$(PYTHON) -m venv $(VENV)-lock && $(VENV)-lock/bin/python -m pip install --quiet pip-tools
	$(VENV)-lock/bin/pip-compile --upgrade --extra dev --generate-hashes --strip-extras --allow-unsafe --no-annotate \
		--unsafe-package torch --unsafe-package broadsheet --no-emit-index-url --no-emit-find-links --no-header --constraint constraints.txt \
		--output-file requirements.lock pyproject.toml
	sed -i '/^# WARNING\|^# The following/,$$d' requirements.lock

# Known weaknesses of what is locked, as far as a network tells them; without one, that what is installed agrees.
audit: $(VENV)/.installed
	$(BIN)/python -m pytest -q tests/test_supply.py
	@$(PYTHON) -m venv $(VENV)-audit && $(VENV)-audit/bin/python -m pip install --quiet pip-audit \
		&& $(VENV)-audit/bin/pip-audit --require-hashes --disable-pip --requirement requirements.lock \
		|| echo "known weaknesses: not asked, or found (see above)"
