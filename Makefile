# Everything a newcomer needs: python3 and make.
PYTHON ?= python3
BIN := .venv/bin
UV := $(shell command -v uv 2>/dev/null)

.PHONY: help setup demo test soak check format lint types contracts docs bench bench-forecast bench-learning bench-closeness bench-coin clean

help: ## show this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

setup: .venv/.ready ## create .venv and install scrum-mcp with its development tools

.venv/.ready: pyproject.toml uv.lock
ifdef UV
	uv sync --frozen
else
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --editable . --group dev
endif
	@touch $@

demo: setup ## play three sprints on a fresh data folder, through a real MCP client
	@$(BIN)/scrum-mcp demo

test: setup ## run all tests on real servers
	@$(BIN)/pytest -n 2

soak: setup ## the fault tests of events in their long form, about 40 minutes
	@$(BIN)/pytest -n 2 tests/events --soak

check: format lint types contracts test ## every gate

format: setup ## check the formatting (ruff format . mends it)
	$(BIN)/ruff format --check .

lint: setup ## lint
	$(BIN)/ruff check .

types: setup ## mypy and pyright, both strict
	$(BIN)/mypy
	$(BIN)/pyright

contracts: setup ## import contracts
	$(BIN)/lint-imports --no-cache

docs: setup ## write the generated pages again
	$(BIN)/python docs/generate.py

bench: setup ## how fast it is; fails when a target was missed
	@failed=0; for one in http startup planner events scheduler search; do $(BIN)/python bench/$$one.py || failed=1; done; exit $$failed

bench-forecast: setup ## the forecast on real teams, beside simple ones
	@$(BIN)/python bench/forecast.py $(HISTORY)

bench-learning: setup ## whether learning pays on real teams
	@$(BIN)/python bench/learning.py $(HISTORY)

bench-closeness: setup ## which commitments lie within 10 % of what is completed
	@$(BIN)/python bench/closeness.py $(HISTORY)

bench-coin: setup ## how often the test of a strategy ends with the right verdict
	@$(BIN)/python bench/coin.py 2000

clean: ## remove what setup made
	rm -rf .venv
