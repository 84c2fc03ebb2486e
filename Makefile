# On a fresh machine with Python >= 3.11 and make: `make score`, `make test`.
PYTHON ?= python3
VENV ?= .venv
ARTICLE ?= data/examples/harbour-pumps.txt
BIN := $(VENV)/bin

.PHONY: env score test test-slow test-corpora lint format docs golden notebooks train bench scaling clean
.DEFAULT_GOAL := score

env: $(VENV)/.installed

$(VENV)/.installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

score: env  ## score an article: make score ARTICLE=path
	@$(BIN)/reportedly score "$(ARTICLE)"

test: env  ## the suite: under 5 minutes on 2 cores
	$(BIN)/python -m pytest -n auto -m "not slow and not corpora"

test-slow: env  ## builds wheels, kills workers, drives a browser
	$(BIN)/python -m pytest -m slow

test-corpora: env  ## needs the public corpora: see data/README.md
	$(BIN)/python -m pytest -m corpora

lint: env  ## style, types, import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: env
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: env  ## write the generated pages again
	$(BIN)/python -m tests.docs --write

golden: env  ## write the golden outputs again; look at the diff
	$(BIN)/python -m pytest tests/golden --update-golden

notebooks: env  ## run the notebooks from clean kernels and save their outputs; look at the plots
	$(BIN)/python -m tests.notebooks --write

train: env
	$(BIN)/python train.py

bench: env  ## rates beside other tools; measures for some minutes
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev,bench]'
	$(BIN)/python tests/benchmark/bench.py

scaling: env  ## rates and memory of batches, into docs/scaling.md; wants an idle machine for some minutes
	$(BIN)/python tests/benchmark/scaling.py --write

clean:
	rm -rf $(VENV) dist build runs .cache
