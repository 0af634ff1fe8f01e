# Everything that anyone needs is a verb here; CI calls the same ones.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check
CODE := domain packs workflows activities storage sealing runtime api cli worker.py settings.py
# Two processes, and a test that names a group shares its process with the rest of the group.
PYTEST := $(BIN)/python -m pytest -q -n 2 --dist loadgroup

.DEFAULT_GOAL := help
.PHONY: help up demo test slow lint types bench bench-words clean lock

help: ## Say what each verb does
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' Makefile | column -t -s '|'

up: $(INSTALLED) ## Start the whole system in this terminal; Ctrl-C stops it
	@exec $(BIN)/hotline up

demo: $(INSTALLED) ## Send real complaints through a system of its own, at the speed of a film
	@exec $(BIN)/hotline demo

test: $(INSTALLED) ## Run the tests
	$(PYTEST)

# One at a time: what is measured in real time must not share the machine with another test.
slow: $(INSTALLED) ## Run the tests in real time and with many processes
	$(BIN)/python -m pytest -q -m slow --durations 10

lint: $(INSTALLED) ## Check style and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(INSTALLED) ## Check types, strictly
	$(BIN)/mypy --strict $(CODE) tests

bench: $(INSTALLED) ## Print the numbers that the README quotes
	$(BIN)/hotline backtest ../shared/data/boston311_2015/requests_2015_jan_aug.csv.gz --pack us-boston-2015

bench-words: $(INSTALLED) ## Print what the words are worth on real data, each figure beside its baseline
	$(BIN)/hotline bench-words ../shared/data

clean: ## Remove what tools leave behind; keeps .venv and var
	rm -rf build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -not -path './$(VENV)/*' -prune -exec rm -rf {} +

lock: ## Pin every library again, for Python 3.11 to 3.14 and all systems
	$(PYTHON) -m venv --clear var/lock
	var/lock/bin/python -m pip --quiet --disable-pip-version-check install uv
	var/lock/bin/uv pip compile pyproject.toml --group dev --group build --output-file requirements.lock \
		--universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--custom-compile-command "make lock" --quiet
	rm -rf var/lock

# Only what the lock names is installed, and the project itself is built with the lock's own backend.
$(INSTALLED): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=...")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "installing into $(VENV)"
	@$(PIP) install --require-hashes --requirement requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@
