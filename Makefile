# make run and make test are the whole set-up on a machine with Python 3.11 or newer.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
export PORT
# The arithmetic here is small: more threads only wait for one another, at several times the cost.
export OPENBLAS_NUM_THREADS ?= 1

.PHONY: help run test lint types unit screenshots bench audit clean

help:  ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

$(VENV)/runtime: requirements.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

$(VENV)/development: $(VENV)/runtime requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	touch $@

app/translations/en/LC_MESSAGES/messages.mo: app/translations/en/LC_MESSAGES/messages.po $(VENV)/runtime
	$(BIN)/pybabel -q compile -d app/translations

TRANSLATIONS := app/translations/en/LC_MESSAGES/messages.mo

run: $(VENV)/runtime $(TRANSLATIONS)  ## install, set up and serve on http://127.0.0.1:8000 (PORT=…)
	$(BIN)/flask --app wsgi init
	@if [ -f instance/demo-logins.txt ]; then echo; echo "Demo staff (user, password, role):"; cat instance/demo-logins.txt; fi
	@echo; echo "Serving on http://127.0.0.1:$(PORT)  (Ctrl-C stops it)"
	@exec $(BIN)/gunicorn --config deploy/gunicorn.conf.py wsgi:app

test: $(VENV)/development $(TRANSLATIONS) lint types  ## everything: lint, types, layers, all tests with real servers and browser
	sh tests/install_system_packages.sh
	$(BIN)/python -m pytest -q -n 2 --dist loadgroup

lint: $(VENV)/development
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/development
	$(BIN)/mypy

unit: $(VENV)/development $(TRANSLATIONS)  ## the tests that take seconds
	$(BIN)/python -m pytest -q tests/unit tests/structure

screenshots: $(VENV)/development $(TRANSLATIONS)  ## make the README's screenshots again
	$(BIN)/python -m docs.screenshots

bench: $(VENV)/development $(TRANSLATIONS)  ## measure, as ratios taken in one run
	$(BIN)/python -m bench

audit: $(VENV)/development  ## look up known vulnerabilities of the pinned versions (needs the advisory service)
	$(BIN)/pip-audit --strict --disable-pip --no-deps -r requirements.txt

clean:  ## remove what was installed and built, but keep instance/
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis app/translations/*/LC_MESSAGES/*.mo
