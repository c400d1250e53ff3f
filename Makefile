# A bare clone, Python 3.11 or later and make are all that is needed.

PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed

.PHONY: demo test check lint types bench reliability crashes

demo: $(STAMP)
	@$(BIN)/python examples/demo.py

test: $(STAMP)
	$(BIN)/python -m pytest

# Some minutes; BENCH=--short leaves the largest pages out.
bench: $(STAMP)
	@$(BIN)/python -m benchmarks.bench $(BENCH)
	@$(BIN)/python -m benchmarks.stations
	@$(BIN)/python -m benchmarks.compare $(BENCH)

# Two minutes: the short forms of the runs of docs/reliability.md. PAGES=folder adds saved pages.
reliability: $(STAMP)
	$(BIN)/python -m benchmarks.round_trips --examples 200
	$(BIN)/python -m benchmarks.mutations $(PAGES) --each 5 --list 2
	$(BIN)/python -m benchmarks.fuzz --seconds 30

# Long (half an hour and more), with strace: runs that are killed, fail, lose their power, find no room, race; stores that are damaged.
crashes: $(STAMP)
	$(BIN)/python -m benchmarks.crashes writes --every 3
	$(BIN)/python -m benchmarks.crashes kills --nights 15
	$(BIN)/python -m benchmarks.crashes errors --every 12
	$(BIN)/python -m benchmarks.crash_upgrades
	$(BIN)/python -m benchmarks.power_cuts --every 8
	$(BIN)/python -m benchmarks.power_cut_stores --every 8
	$(BIN)/python -m benchmarks.full_disks limit
	$(BIN)/python -m benchmarks.races --rounds 100
	$(BIN)/python -m benchmarks.damaged_stores

check: lint types test

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

# Folders of tests are no packages, and several have a conftest.py: each is checked by itself.
types: $(STAMP)
	$(BIN)/mypy
	$(BIN)/mypy tests/conftest.py
	@set -e; for folder in tests/*/; do $(BIN)/mypy $$folder; done

$(STAMP): pyproject.toml constraints.txt
	@echo "Installing into .venv; the first time takes a minute."
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1'
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e . --group dev
	@touch $@
