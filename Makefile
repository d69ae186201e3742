# `make demo` and `make test` are all the set-up there is. `make help` lists the rest.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
OUT ?= demo

.PHONY: help demo test test-services bench lint readme clean

help:  ## Show this help
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

demo: $(VENV)/.installed  ## Draft the five demo people's summaries: no key, no server
	@$(BIN)/salesbrief demo --out $(OUT)

test: $(VENV)/.installed-dev  ## Run the tests
	@$(BIN)/python -m pytest -n auto --dist worksteal

test-services: $(VENV)/.installed-services  ## Run the tests that need a browser, PostgreSQL or Spark
	@$(BIN)/python -m pytest -m services

bench: $(VENV)/.installed-bench  ## Measure speed beside named baselines; PARTS="checks 20k 500k 5M web"
	@$(BIN)/python -m tests.benchmarks $(PARTS)

lint: $(VENV)/.installed-dev  ## Check style
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .

readme: $(VENV)/.installed  ## Put the demo's draft into the README
	@$(BIN)/salesbrief demo --out $(OUT) > /dev/null && $(BIN)/python tests/contracts/show_draft.py $(OUT)/drafts/michael.md

clean:  ## Remove what make built
	rm -rf $(VENV) $(OUT) build *.egg-info

# Debian's python3 may lack ensurepip; then virtualenv serves, and failing that a sentence says what to install.
$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "salesbrief needs Python 3.11 or newer; run make PYTHON=python3.11 …"; exit 2; }
	@$(PYTHON) -m venv $(VENV) 2>/dev/null || { rm -rf $(VENV); $(PYTHON) -m virtualenv -q $(VENV) 2>/dev/null; } \
		|| { rm -rf $(VENV); echo "No virtual environment could be made: install python3-venv (Debian) or virtualenv."; exit 2; }

$(VENV)/.installed: $(VENV)/bin/python pyproject.toml constraints.txt
	@echo "Installing (once) …"
	@$(BIN)/python -m pip install -q --disable-pip-version-check -c constraints.txt -e .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	@$(BIN)/python -m pip install -q --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

$(VENV)/.installed-services: $(VENV)/.installed-dev
	@$(BIN)/python -m pip install -q --disable-pip-version-check -c constraints.txt -e '.[postgres,browser,spark]'
	@touch $@

$(VENV)/.installed-bench: $(VENV)/.installed-dev
	@$(BIN)/python -m pip install -q --disable-pip-version-check -c constraints.txt -e '.[dev,bench]'
	@touch $@
