# Two commands set everything up: `make report` and `make test`. Both need Python 3.11+ only.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
REPO ?= fixtures/repos/shop-api
OUT ?= archlint-report.html

.PHONY: report check test lint install clean

report: $(VENV)/.installed
	$(BIN)/archlint report "$(REPO)" --output text --output "html:$(OUT)"

check: $(VENV)/.installed
	$(BIN)/archlint check "$(REPO)"

test: $(VENV)/.installed-dev
	$(BIN)/ruff check archlint tests scripts benchmarks
	$(BIN)/ruff format --check archlint tests scripts benchmarks
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -n auto

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check archlint tests scripts benchmarks
	$(BIN)/mypy
	$(BIN)/lint-imports

install: $(VENV)/.installed

$(VENV)/.installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	$(BIN)/python -m compileall -q archlint
	touch $@

$(VENV)/.installed-dev: pyproject.toml $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check "pip>=25.1"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable . --group dev
	touch $@

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis
