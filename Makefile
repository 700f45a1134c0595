# make demo    classify the example documents and explain one
# make test    lint, type-check and run the tests
# make lint    ruff and mypy only
# make model   train the shipped model again from data/labeled
# make clean   remove everything that was built
# All build their own virtual environment in .venv.

PYTHON ?= python3
BIN := .venv/bin
INSTALLED := .venv/installed
MODEL := models/ds-vs-mle

.PHONY: demo test lint model clean

$(INSTALLED): pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "roleclassify needs Python 3.11 or newer; set PYTHON=... to one")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[all,dev]'
	touch $@

demo: $(INSTALLED)
	$(BIN)/roleclassify classify --recursive examples --format table
	@echo
	$(BIN)/roleclassify explain examples/posting-titled-data-scientist.txt

lint: $(INSTALLED)
	$(BIN)/ruff check .
	$(BIN)/mypy

test: lint
	$(BIN)/pytest

model: $(INSTALLED)
	$(BIN)/roleclassify train data/labeled/documents.jsonl --split train -o $(MODEL)
	$(BIN)/python benchmarks/model_card.py

clean:
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
