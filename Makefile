# make demo    classify the example documents, explain one and score the example table
# make test    lint, type-check and run the tests
# make lint    ruff and mypy only
# make model   train the shipped model again, where ROLECLASSIFY_CORPUS names the real documents, and renew its card;
#              else a smaller one from data/labeled alone, into build/ds-vs-mle
# make docs    renew the command-line reference and build the documentation into build/docs
# make notebooks  run the notebooks and store what they put out
# make soak    kill scoring at random moments and go on from there, 20 times; some minutes
# make clean   remove everything that was built
# All build their own virtual environment in .venv.

PYTHON ?= python3
BIN := .venv/bin
INSTALLED := .venv/installed
MODEL := models/ds-vs-mle
LABELED := data/labeled/documents.jsonl
REAL := postings negatives profiles

.PHONY: demo test lint model docs notebooks soak clean

$(INSTALLED): pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "roleclassify needs Python 3.11 or newer; set PYTHON=... to one")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[all,dev]'
	touch $@

demo: $(INSTALLED)
	$(BIN)/roleclassify classify --recursive examples --format table
	@echo
	mkdir -p build
	$(BIN)/roleclassify explain examples/posting-titled-data-scientist.txt --html build/posting.html
	@echo
	$(BIN)/roleclassify score examples/export.csv -o build/scored.csv --evidence 3

lint: $(INSTALLED)
	$(BIN)/ruff check .
	$(BIN)/mypy

test: lint
	$(BIN)/pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder

model: $(INSTALLED)
ifdef ROLECLASSIFY_CORPUS
	$(BIN)/roleclassify train $(REAL:%=$(ROLECLASSIFY_CORPUS)/%.parquet) $(LABELED) --split train \
		--readings $(ROLECLASSIFY_CORPUS)/readings.csv -o $(MODEL) --version 2.1.0 --jobs 2
	$(BIN)/python benchmarks/model_card.py
else
	$(BIN)/roleclassify train $(LABELED) --split train -o build/ds-vs-mle --jobs 2
endif

notebooks: $(INSTALLED)
	$(BIN)/python notebooks/execute.py

soak: $(INSTALLED)
	$(BIN)/python benchmarks/interruption.py 20

.PHONY: docs  # a folder of that name exists
docs: $(INSTALLED)
	$(BIN)/python docs/generate_cli.py
	$(BIN)/python -m sphinx -W --keep-going -q -b html docs build/docs

clean:
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
