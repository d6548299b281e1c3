# All that one needs to run, test and change the product; `make` lists it.
# Nothing is installed outside of .venv/, nothing is written outside of .venv/ and var/, except for
# Chromium, which the browser tests need and `make test` gets where there is none.

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
GOLDENS ?= tests/golden/cases
FAMILIES ?=
ARGS ?=

UV_VERSION := 0.13.8
PY := .venv/bin/python
DEMO := REVOPS_DEMO=1
# A demo that syncs keeps its data apart.
ifdef SOURCE
export VAR_DIR ?= $(CURDIR)/var/$(SOURCE)
endif
PURE := -p pytest_django.plugin -p pytest_socket -p _hypothesis_pytestplugin
export HOST PORT
export UV_LINK_MODE := copy

.DEFAULT_GOAL := help
.PHONY: help demo install serve test test-fast check goldens torture bench bench-loading bench-sync bench-beside bench-health bench-past bench-jobs bench-users lock sbom clean

help: ## List what can be done
	@echo 'RevOps Control Center: make TARGET'
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/\1|\2/p' Makefile | while IFS='|' read -r name what; do \
		printf '  %-13s %s\n' "$$name" "$$what"; done

demo: .venv/.runtime ## Start the product with made-up data (HOST=, PORT=, SOURCE=pipedrive: synced deals)
	@$(DEMO) exec $(PY) manage.py demo --with-parent $(if $(SOURCE),--source $(SOURCE))

install: .venv/.runtime ## Make .venv with what the product needs

serve: .venv/.runtime ## Start the product on your own data, with the settings of .env (HOST=, PORT=)
	@exec $(PY) manage.py serve --with-parent

test: .venv/.dev .venv/.chromium ## Run all tests, the browser's too (ARGS= goes to pytest)
	@$(PY) -m pytest -n auto --maxprocesses 4 --dist loadfile $(ARGS)

test-fast: .venv/.dev ## Run the tests that need neither database nor browser
	@PYTEST_DISABLE_PLUGIN_AUTOLOAD=1 $(PY) -m pytest $(PURE) -m pure --ignore tests/browser $(ARGS)

check: .venv/.dev ## Check format, style, walls between the apps, types, migrations and deployment
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -c 'from importlinter.cli import lint_imports_command; lint_imports_command()'
	$(PY) -m mypy .
	$(DEMO) $(PY) manage.py makemigrations --check --dry-run
	$(DEMO) $(PY) manage.py sbom --check
	REVOPS_DEMO=0 ALLOWED_HOSTS=revops.example.com \
		SECRET_KEY="$$($(PY) -c 'import secrets; print(secrets.token_urlsafe(48))')" \
		$(PY) manage.py check --deploy --fail-level WARNING

goldens: .venv/.dev ## Judge the product by a folder of worked examples (GOLDENS=DIR, FAMILIES=a,b)
	@$(DEMO) $(PY) -m tests.golden "$(GOLDENS)" $(if $(FAMILIES),--families "$(FAMILIES)")

torture: .venv/.dev ## Prove what is promised at full size: kills of loads, syncs and senders, leaks (hours)
	@$(PY) -m pytest tests/torture/kills.py tests/torture/syncs.py tests/torture/mails.py tests/torture/leaks.py \
		tests/torture/outages.py tests/torture/workers.py tests/torture/log.py tests/torture/malformed.py tests/torture/large.py \
		tests/torture/doors.py tests/torture/full_disk.py tests/torture/crowds.py -n 0 -s $(ARGS)

bench: .venv/.dev ## Compare what pages take with what their SQL takes
	@$(DEMO) $(PY) -m benchmarks.pages $(ARGS)

bench-loading: .venv/.dev ## Compare what a load of a million rows takes with PostgreSQL's COPY
	@$(DEMO) $(PY) -m benchmarks.loading $(ARGS)

bench-sync: .venv/.dev ## Compare the first sync of 200,000 deals with paging through them
	@$(DEMO) $(PY) -m benchmarks.sync $(ARGS)

bench-beside: .venv/.dev ## Compare what pages take beside a sync with what they take without
	@$(DEMO) $(PY) manage.py collectstatic --noinput --verbosity 0
	@$(DEMO) $(PY) -m benchmarks.during_sync $(ARGS)

bench-health: .venv/.dev ## Time the health of 200,000 open deals, and of those of one load
	@$(DEMO) $(PY) -m benchmarks.health $(ARGS)

bench-past: .venv/.dev ## Compare what pages take as of a year ago with what they take now
	@$(DEMO) $(PY) -m benchmarks.past $(ARGS)

bench-jobs: .venv/.dev ## Time what the worker reckons anew after a load
	@$(DEMO) $(PY) -m benchmarks.jobs $(ARGS)

bench-users: .venv/.dev ## Time a running service with 10 and 50 people at once (ARGS="--url …")
	@$(DEMO) $(PY) -m benchmarks.users $(ARGS)

lock: .venv/.runtime ## Write requirements*.txt anew from requirements*.in
	@for name in requirements requirements-dev; do \
		$(PY) -m uv pip compile --quiet --upgrade --generate-hashes --universal \
			--python-version 3.11 $$name.in -o $$name.txt || exit 1; done
	@$(DEMO) $(PY) manage.py sbom

sbom: .venv/.runtime ## Write docs/sbom.cdx.json anew: what the product is made of by others
	@$(DEMO) $(PY) manage.py sbom

clean: ## Remove all that was made here: .venv, var with its database, caches
	@for folder in var/postgres var/*/postgres; do if [ -d $$folder ] && [ -x $(PY) ]; then \
		$(PY) -m revops_site.embedded $$folder; fi; done
	@rm -rf .venv var .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis .coverage
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamps: what is up to date is not installed again.

.venv/bin/python:
	@command -v $(PYTHON) >/dev/null || { \
		echo '$(PYTHON) was not found: install Python 3.11 or later, or name it with PYTHON=…' >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Python 3.11 or later is needed, and $(PYTHON) is $$($(PYTHON) --version 2>&1)." \
			'Name another one with PYTHON=…' >&2; exit 1; }
	@echo 'Making .venv …'
	@$(PYTHON) -m venv .venv || { \
		echo "Python's venv module is missing (on Debian and Ubuntu: apt install python3-venv)." >&2; exit 1; }

.venv/.runtime: requirements.txt | .venv/bin/python
	@$(call install,requirements.txt)

.venv/.dev: requirements-dev.txt requirements.txt | .venv/bin/python
	@$(call install,requirements-dev.txt)
	@touch .venv/.runtime

.venv/.chromium: | .venv/.dev
	@command -v chromium || command -v chromium-browser || command -v google-chrome || \
		{ [ "$$(id -u)" = 0 ] && command -v apt-get && echo 'Installing Chromium …' && \
			apt-get update -qq && apt-get install -y -qq chromium; } || \
		$(PY) -m playwright install chromium
	@touch $@

# uv is quick; pip, which knows the index it was set up with, does the same where uv cannot.
define install
	echo 'Installing $(1) …'; \
	{ $(PY) -m pip install --quiet --disable-pip-version-check 'uv==$(UV_VERSION)' && \
		$(PY) -m uv pip install --quiet --python $(PY) --require-hashes -r $(1); } || \
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r $(1) && touch $@
endef
