# tiendo: everything a person runs, in a line each. Needs make and Python 3.11 or 3.12, nothing else.
# Settings are TIENDO_* variables: make up TIENDO_AIRFLOW_PORT=18080

# The first that really runs (a shim may exist and fail) and has a version that Airflow knows.
IS_SUITABLE := import sys; sys.exit(sys.version_info[:2] not in ((3, 11), (3, 12)))
PYTHON := $(shell for p in python3 python3.12 python3.11; do $$p -c '$(IS_SUITABLE)' 2>/dev/null && echo $$p && break; done)
# Makes the environments that are missing, then runs a program of the platform's.
SETUP := $(PYTHON) src/tiendo/operate/setup.py
OPERATE := python -m tiendo.operate
# docker/stack brings docker/backups.sh with it, which is no program of its own.
SHELL_SCRIPTS := docker/stack docker/install .ci/run tests/compose/images/postgres-entrypoint.sh
PYTEST_ARGS ?=
BENCH_ARGS ?=


.DEFAULT_GOAL := help
.PHONY: help up start down status clean dashboards handbook test lint audit sbom bench python \
    compose-up compose-upgrade compose-back compose-backup compose-down compose-status compose-accounts test-compose

help: ## this list
	@sed -n 's/^\([a-z][a-z-]*\):.*## /\1|/p' Makefile | while IFS='|' read -r name text; do printf '  make %-17s %s\n' "$$name" "$$text"; done

up: python ## set everything up, load the sample, open the scorecard
	@$(SETUP) $(OPERATE) up

start: python ## set up and start the services alone
	@$(SETUP) $(OPERATE) start

down: python ## stop all services
	@$(SETUP) --existing $(OPERATE) down

status: python ## what is running
	@$(SETUP) --existing $(OPERATE) status

clean: python ## stop all services and forget everything: data, passwords, environments
	@$(SETUP) --existing $(OPERATE) down
	@$(SETUP) --forget

dashboards: python ## generate and check the dashboards; import them where Superset is running
	@$(SETUP) $(OPERATE) dashboards

handbook: python ## write docs/handbook from the seeds
	@$(SETUP) python -m tiendo.cli handbook docs/handbook

test: python ## set up what tests need and run them (PYTEST_ARGS="-k name")
	@$(SETUP) --dev python -m pytest $(PYTEST_ARGS)

lint: python ## ruff, mypy, import rules, sqlfluff, what Citus refuses, yamllint, shellcheck, bandit
	@$(SETUP) --dev ruff check .
	@$(SETUP) --dev ruff format --check .
	@$(SETUP) --dev mypy
	@$(SETUP) --dev lint-imports
	@$(SETUP) --dev sqlfluff lint dbt_project
	@$(SETUP) --dev python -m pytest --quiet tests/contract/test_citus_sql.py
	@$(SETUP) --dev yamllint --strict .
	@$(SETUP) --dev shellcheck --external-sources --check-sourced $(SHELL_SCRIPTS)
	@$(SETUP) --dev python -m audit code

audit: python ## known holes in the pinned packages; says loudly when they could not be looked up
	@$(SETUP) --dev python -m audit packages

sbom: python ## the bill of materials: pinned packages and base images, CycloneDX, in build/sbom.json
	@$(SETUP) --dev python -m audit bom build/sbom.json

bench: python ## the figures of the README, as a table and as JSON (BENCH_ARGS="--skip up")
	@$(SETUP) --dev python -m benchmarks $(BENCH_ARGS)

compose-up: ## the house of containers: build and start it (needs Docker and .env, see .env.example)
	@docker/stack up

compose-upgrade: ## back up, then this checkout's version: migrations, seeds, dashboards
	@docker/stack upgrade

compose-back: ## back to the version and the data of before the last upgrade
	@docker/stack back

compose-backup: ## all data and secrets into a folder of backups/
	@docker/stack backup

compose-down: ## stop the containers; data stay in their volumes
	@docker/stack down

compose-status: ## which version is installed, and the state of its containers
	@docker/stack status

compose-accounts: ## the generated passwords of people
	@docker/stack accounts

test-compose: python ## the house of containers, started for real (needs root, Docker and mmdebstrap)
	@TIENDO_TEST_COMPOSE=1 $(SETUP) --dev python -m pytest tests/compose $(PYTEST_ARGS)

python:
	@test -n "$(PYTHON)" || { \
	    echo "tiendo: cần Python 3.11 hoặc 3.12. Hãy cài python3.12 (hoặc python3.11) rồi chạy lại." >&2; \
	    echo "        Python 3.11 or 3.12 is needed. Install python3.12 (or python3.11) and run again." >&2; \
	    exit 3; }
