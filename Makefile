# Everything that is done to AI-Prism. `make` shows the list.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
PYTEST_ARGS ?=
.DEFAULT_GOAL := help
.PHONY: help setup up provider test check lint format types layers migrations coverage bench bench-short evaluate review migrate openapi reference messages lock vendor clean

help: ## Show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  \1|\2/' | column -t -s '|'

$(STAMP): requirements/development.txt
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "AI-Prism needs Python 3.11 or newer; set PYTHON=/path/to/python3.11")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install -q --disable-pip-version-check $$(grep -E '^uv==' requirements/development.txt | cut -d' ' -f1)
	@$(BIN)/uv pip sync -q --require-hashes --python $(BIN)/python requirements/development.txt
	@touch $(STAMP)

setup: $(STAMP) ## Make the environment in .venv

up: $(STAMP) ## Run the whole product with a demo organization; Ctrl-C stops it
	@$(BIN)/python -m tools.stack.up

test: $(STAMP) ## Run the tests; needs nothing started before
ifeq ($(strip $(PYTEST_ARGS)),)
	@$(BIN)/python -m pytest -q -n 2 --dist loadfile --cov --cov-report=
	@$(BIN)/python -m tools.coverage_gate --note
else
	@$(BIN)/python -m pytest -q -n 2 --dist loadfile $(PYTEST_ARGS)
endif

check: lint types layers migrations coverage ## Lint, types, layers, migrations, coverage of the last whole test run

lint: $(STAMP)
	@$(BIN)/ruff format --check -q . && $(BIN)/ruff check -q .
	@$(BIN)/python -m tools.vendor_assets --check

format: $(STAMP) ## Format the code
	@$(BIN)/ruff format -q . && $(BIN)/ruff check -q --fix .

types: $(STAMP)
	@$(BIN)/mypy

layers: $(STAMP)
	@$(BIN)/lint-imports --no-cache

coverage: $(STAMP)
	@$(BIN)/python -m tools.coverage_gate

migrations: $(STAMP)
	@DJANGO_SETTINGS_MODULE=config.settings.offline $(BIN)/python manage.py makemigrations --check --dry-run

bench: $(STAMP) ## Run every benchmark and record it in docs/benchmarks.md
	@$(BIN)/python -m benchmarks --write

bench-short: $(STAMP) ## Run the benchmarks once, quickly
	@$(BIN)/python -m benchmarks --short

FOLDER ?= evaluation/write_ups
evaluate: $(STAMP) ## Measure the built-in reviewer on labelled write-ups: make evaluate [FOLDER=…] [ARGS="--json out.json"]
	@$(BIN)/python manage.py evaluate $(FOLDER) $(ARGS)

review: $(STAMP) ## Review one file: make review FILE=x.docx ARGS="--json out.json --docx out.docx"
	@test -n "$$FILE" || { echo 'Say which file: make review FILE=report.docx' >&2; exit 1; }
	@$(BIN)/python -m tools.stack.with_stack --from "$$(if [ -e "$$FILE" ]; then pwd; else echo "$(PWD)"; fi)" review $(ARGS) -- "$$FILE"

migrate: $(STAMP) ## Bring every schema to the code's migrations
	@$(BIN)/python -m tools.stack.with_stack migrate_tenants

openapi: reference ## Write the API's description (docs/reference/openapi.yaml) with the other pages made from code

reference: $(STAMP) ## Write docs/reference from the tables in the code
	@DJANGO_SETTINGS_MODULE=config.settings.test $(BIN)/python manage.py document_reference

messages: $(STAMP) ## Collect translatable strings and compile the translations (needs gettext); the .mo files are kept, so nobody else needs it
	@$(BIN)/python manage.py makemessages -l de --ignore .venv --ignore .data --ignore tests --no-obsolete --no-wrap --add-location file
	@$(BIN)/python manage.py compilemessages -l de --ignore .venv --ignore .data

lock: $(STAMP) ## Compile the requirements with hashes
	@for name in base production development provider; do $(BIN)/uv pip compile -q --generate-hashes --no-emit-index-url --python-version 3.11 requirements/$$name.in -o requirements/$$name.txt; done

PROVIDER := .data/provider
provider: $(STAMP) ## Make the environment of a real OpenID provider, for the journey that signs in with one
	@$(BIN)/uv venv -q --clear --python $(BIN)/python $(PROVIDER)
	@$(BIN)/uv pip sync -q --require-hashes --python $(PROVIDER)/bin/python requirements/provider.txt

vendor: $(STAMP) ## Fetch the front end's third-party files again
	@$(BIN)/python -m tools.vendor_assets

clean: ## Remove the environment and all local data
	rm -rf $(VENV) .data
