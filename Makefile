# make setup      installs everything into .venv (python >= 3.11 with venv is all it needs)
# make reproduce  sets up, then runs the main job: every experiment, every measurement, the report
# make test       sets up, then lint, types and every test
# make test-long  kills, hostile input and damage: thousands of drawn cases
# make bench      times what has to be fast, in CPU seconds, and writes benchmarks/results.md
# make docs       writes what the documents have from the code and from the committed results

PYTHON ?= python3
CORES ?= all
SCALE ?=
VENV := .venv
READY := $(VENV)/.ready
export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)

.PHONY: setup reproduce docs test suite test-long lint bench
.DEFAULT_GOAL := reproduce

# A virtual environment does not survive moving its folder, so the stamp names the folder.
ifneq ($(shell cat $(READY) 2>/dev/null),$(CURDIR))
.PHONY: $(READY)
endif

setup: $(READY)

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "wganbench needs Python 3.11 or newer with venv; name one: make setup PYTHON=python3.12" >&2; exit 2; }
	@rm -f $(READY)
	$(PYTHON) -m venv --clear $(VENV)
	@# uv comes from the lock too, so that its hash is checked.
	sed -n '/^uv==/,/^    #/p' requirements.lock | $(VENV)/bin/python -m pip install --quiet --require-hashes -r /dev/stdin
	$(VENV)/bin/uv pip sync --quiet --python $(VENV)/bin/python --require-hashes --compile-bytecode requirements.lock
	$(VENV)/bin/uv pip install --quiet --python $(VENV)/bin/python --no-deps --no-build-isolation --editable .
	@# Jobs may not write bytecode, and uv compiles what it installs, which a package in place is not.
	$(VENV)/bin/python -m compileall -q wganbench
	@printf '%s' "$(CURDIR)" > $(READY)

reproduce: setup
	@snakemake --cores $(CORES) --quiet rules $(if $(SCALE),--config scale=$(SCALE))
	@wganbench claims --read $(if $(SCALE),--scale $(SCALE))
	@echo "The report is at $(CURDIR)/reports/index.html"

docs: setup
	python docs/refresh.py

lint: setup
	ruff check
	ruff format --check --quiet
	mypy
	snakefmt --check Snakefile pipelines wganbench/project/new/Snakefile
	snakemake --lint

test: setup
	@# Lint takes one core for most of a minute, while the first tests wait for their fixtures.
	@$(MAKE) --no-print-directory --jobs=2 lint suite

suite: setup
	@# Files side by side: each in one process, those that take longest first.
	@# One more than there are cores, up to 4: some tests wait for a cluster.
	pytest -n "$$(( $$(nproc) < 3 ? $$(nproc) + 1 : 4 ))" --no-loadscope-reorder

test-long: setup
	pytest -n auto --maxprocesses 4 --no-loadscope-reorder --hypothesis-profile=long -m "hardening or long"

bench: setup
	@# On an idle machine: other load shows in the spread.
	pytest benchmarks -o addopts= -o python_files='bench_*.py' -o pythonpath=benchmarks -q \
	  --benchmark-json=benchmarks/results.json $(if $(ONLY),-k "$(ONLY)")
	python benchmarks/results.py benchmarks/results.json
