# Everything runs from .venv, which `make` builds from the lock files when they change.
.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON ?= python3
BIN := .venv/bin
# One more than the two cores of a usual machine: a third of the time tests wait for browsers, disks and clocks.
WORKERS ?= 3
PORT ?= 8000
# One thread for each linear-algebra call: many small ones on a few cores only get in each other's way.
export OMP_NUM_THREADS := 1
export OPENBLAS_NUM_THREADS := 1

.PHONY: help demo test search lint bench catalogue lock clean

help: ## Say what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: .venv/runtime ## Set everything up and show the North West programme, from responses to report
	@$(BIN)/python -m webapp.cli demo --port $(PORT)

test: lint ## Set everything up, then lint, check types and imports, and run every test
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder

search: .venv/development ## Run every test with ids, order and examples that no run had before, unlike those of make test
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder --randomly-seed=default --hypothesis-profile=search

lint: .venv/development ## Check style, types and who imports whom
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	@# Its workers are given up as lost (2) where a busy machine takes longer than 3 seconds to start them.
	$(BIN)/mypy --num-workers $(WORKERS) || { test $$? = 2 && $(BIN)/mypy; }
	$(BIN)/lint-imports

bench: .venv/development ## Measure what a provider's journey and each page cost (see benchmarks/ for more)
	$(BIN)/python -m benchmarks.journey

catalogue: .venv/development ## Gather the texts to translate, and bring them into every translation
	$(BIN)/pybabel --quiet extract --mapping pyproject.toml --keyword Later --no-location --sort-output \
		--omit-header --add-comments "For translators:" --output webapp/translations/messages.pot.new webapp
	@mv webapp/translations/messages.pot.new webapp/translations/messages.pot
	@for catalogue in webapp/translations/*/messages.po; do test ! -e $$catalogue || \
		$(BIN)/pybabel --quiet update --no-fuzzy-matching --input-file webapp/translations/messages.pot \
		--output-file $$catalogue --locale $$(basename $$(dirname $$catalogue)); done

lock: .venv/development ## Resolve the dependencies of pyproject.toml anew
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --upgrade \
		--no-emit-index-url --no-emit-find-links --no-annotate --no-header \
		pyproject.toml --extra embedded -o requirements.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --upgrade \
		--no-emit-index-url --no-emit-find-links --no-annotate --no-header \
		pyproject.toml --extra dev -o requirements-dev.txt

clean: ## Remove the environment and caches; the demonstration's data in var/ stays
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

.venv/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Soundings needs Python 3.11 or later: make PYTHON=python3.11 ...")'
	$(PYTHON) -m venv .venv

.venv/runtime: requirements.txt | .venv/bin/python
	@test -e .venv/development || echo "Packages   installing them into .venv, which takes a few minutes the first time"
	@test -e .venv/development || $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

.venv/development: requirements-dev.txt | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@ .venv/runtime
