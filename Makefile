# On a fresh machine with Python >= 3.11 and make: `make score`, `make test`.
PYTHON ?= python3
VENV ?= .venv
ARTICLE ?= data/examples/harbour-pumps.txt
BIN := $(VENV)/bin

.PHONY: env score test test-slow test-corpora lint format docs golden notebooks train bench scaling torture lower-bounds picture clean
.DEFAULT_GOAL := score

env: $(VENV)/.installed

$(VENV)/.installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

score: env  ## score an article: make score ARTICLE=path
	@$(BIN)/reportedly score "$(ARTICLE)"

test: env  ## the suite: under 6 minutes on 2 cores
	$(BIN)/python -m pytest -n auto -m "not slow and not corpora"

test-slow: env  ## builds wheels, kills workers, loads the server, drives a browser (if Chromium and its driver are installed)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev,browser]'
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

docs: env  ## regenerate the generated parts of docs/ and the README
	$(BIN)/python -m tests.docs --write

golden: env  ## regenerate the golden outputs; look at the diff
	$(BIN)/python -m pytest tests/golden --update-golden

notebooks: env  ## run the notebooks from clean kernels and save their outputs; look at the plots
	$(BIN)/python -m tests.notebooks --write

picture: env  ## take the screenshot docs/report.png again; needs Chromium
	$(BIN)/python -m tests.picture

torture: env  ## hostile input, faults, kills, fuzzing: an hour; TORTURE_MINUTES scales it
	$(BIN)/python -m pip install --quiet --disable-pip-version-check atheris || true
	$(BIN)/python -m tests.torture

lower-bounds:  ## the suite with the oldest versions that pyproject.toml allows
	$(PYTHON) -m venv .venv-lowest
	.venv-lowest/bin/python -m pip install --quiet --disable-pip-version-check uv
	.venv-lowest/bin/uv pip compile --quiet --python .venv-lowest/bin/python --resolution lowest-direct --extra tables --extra plots --extra dask --extra export --extra pdf --extra serve pyproject.toml -o .venv-lowest/lowest.txt
	.venv-lowest/bin/uv pip install --quiet --python .venv-lowest/bin/python -r .venv-lowest/lowest.txt
	.venv-lowest/bin/uv pip install --quiet --python .venv-lowest/bin/python --constraint .venv-lowest/lowest.txt build hypothesis ipykernel jsonschema nbclient pytest pytest-xdist
	.venv-lowest/bin/uv pip install --quiet --python .venv-lowest/bin/python --no-deps --editable .
	.venv-lowest/bin/python -m pytest -n auto -m "not slow and not corpora"

train: env
	$(BIN)/python train.py

bench: env  ## compare rates with other tools; takes some minutes
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev,bench]'
	$(BIN)/python tests/benchmark/bench.py

scaling: env  ## measure rates and memory of batches for docs/scaling.md; needs an idle machine for some minutes
	$(BIN)/python tests/benchmark/scaling.py --write

clean:
	rm -rf $(VENV) .venv-lowest dist build runs .cache
