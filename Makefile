# make run   opens the dashboard        make run DATA=folder  another programme's data package
# make test  runs every check           make bench            measures
# make docs  the documentation as a site, in build/docs/index.html
#            as if at another hour: PYTEST="--clock 2026-12-31T23:30Z"
# make serve runs the server, see docs/operations.md; HOST=0.0.0.0 for other machines
# Needs Python 3.11 or newer with venv (Debian: apt install python3 python3-venv make).

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8501
BIN := .venv/bin
export PYTHONPATH := $(CURDIR)
ifdef DATA
export DATA_DIR := $(abspath $(DATA))
endif

.PHONY: run serve test check docs picture screenshots audit licences fuzz bench bench-quick growth soak validate boundaries lock tools clean

run: .venv/runs
	$(BIN)/python -m geo validate "$${DATA_DIR:-data}"
	GEO_FETCH_FROM_PAGE=$${GEO_FETCH_FROM_PAGE-1} $(BIN)/streamlit run dashboard.py --server.port $(PORT)

serve: .venv/runs
	$(BIN)/python -m geo serve --host $(HOST) --port $(PORT)

# Three at a time on two cores: those with a browser wait for it.
test: .venv/tests tools check
	$(BIN)/pytest -n 3 --dist loadfile --no-loadscope-reorder $(PYTEST)

check: .venv/tests
	$(BIN)/python -m geo validate data
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# The documentation as a site in build/docs; opens as a file. A link that leads nowhere fails.
docs: .venv/tests
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build

# The pictures of the dashboard in docs/, from the data that ship; look at them before committing.
screenshots: .venv/tests tools
	$(BIN)/python -m tests.screenshots

# Check the installed packages for known vulnerabilities; says so if no database can be reached.
audit: .venv/tests
	$(BIN)/python -m tests.audit

licences: .venv/tests
	$(BIN)/python -m tests.licences

# docs/architecture.svg, from the imports.
picture: .venv/tests
	$(BIN)/python -m tests.architecture

# Fuzz each parser of untrusted input for a minute; failing inputs are kept in .fuzz. Then test
# forty times as many generated programmes as the tests do, with new seeds; TIMES=n for more.
fuzz: .venv/tests tools
	for target in sent-zip sent-gml map table zip xlsx csv json; do \
	  $(BIN)/python -m tests.fuzz $$target .fuzz/$$target -max_total_time=60 -artifact_prefix=.fuzz/ || exit 1; \
	done
	GENERATED_TIMES=$(or $(TIMES),40) $(BIN)/pytest tests/publish/test_editions_agree.py \
	  tests/places/test_search.py --timeout=0

bench: .venv/tests tools
	$(BIN)/python -m bench

# Counts what a change of filter costs, in under a minute; RECORD=--record records a new budget.
bench-quick: .venv/tests
	$(BIN)/python -m bench.quick $(RECORD)

# How time and memory grow with the package, as docs/growth.md has it.
growth: .venv/tests
	$(BIN)/python -m bench.growth

# An hour of load with changing users, reported by make bench; SOAK=seconds for another duration.
soak: .venv/tests
	DATA_DIR=$(CURDIR)/data/examples/national $(BIN)/python -m bench.load soak --seconds $(or $(SOAK),3600)

validate: .venv/runs
	$(BIN)/python -m geo validate "$${DATA_DIR:-data}"

boundaries: .venv/runs
	$(BIN)/python -m geo boundaries build

tools: .venv/tests
	sh tests/install_tools.sh $(BIN)

.venv/bin/python:
	$(PYTHON) -m venv .venv || { echo "Python's venv module is missing: apt install python3-venv"; exit 1; }

.venv/runs: requirements.txt | .venv/bin/python
	$(BIN)/pip install --quiet --require-hashes -r requirements.txt
	touch $@

.venv/tests: requirements-dev.txt | .venv/bin/python
	$(BIN)/pip install --quiet --require-hashes -r requirements-dev.txt
	touch $@

lock: .venv/bin/python
	$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile --quiet --generate-hashes --no-header --no-annotate --python-version 3.11 requirements.in -o requirements.txt
	$(BIN)/uv pip compile --quiet --generate-hashes --no-header --no-annotate --python-version 3.11 -c requirements.txt requirements-dev.in -o requirements-dev.txt
	$(BIN)/uv pip compile --quiet --generate-hashes --no-header --no-annotate --python-version 3.11 requirements-clients.in -o requirements-clients.txt

clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis .fuzz tests/stories/screenshots
