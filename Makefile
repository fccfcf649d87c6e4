# One entry point for users and contributors; each target works on a machine with Python alone.
PYTHON ?= python3
BIN := .venv/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Each process of the tests starts its own Neo4j; with a given one, which they empty, there is one process.
WORKERS := $(if $(NEO4J_URI),,-n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder)

.PHONY: demo test check bench lock docs site clean

demo: .venv/base ## Build a small town, rank, score, explain the singer's week, leave one HTML page.
	$(BIN)/influence-graph demo --store influence-graph-demo -o influence-graph-demo.html

test: .venv/dev ## All tests, a real Neo4j among them (the first time it is downloaded).
	$(BIN)/pytest $(WORKERS)

check: .venv/dev ## Style, types, layers, and that the generated reference is fresh.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python tools/sizes.py
	$(BIN)/python tools/reference.py --check

bench: .venv/bench ## Figures of this machine, side by side with peers: benchmarks/README.md (some 15 minutes).
	$(BIN)/python -m benchmarks

docs: .venv/dev ## Regenerate the reference: docs/reference.
	$(BIN)/python tools/reference.py

site: docs ## Build the documentation site: site/index.html.
	$(BIN)/mkdocs build --strict --quiet

lock: .venv/dev ## Resolve the dependencies anew.
	$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-emit-find-links pyproject.toml -o requirements/base.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-emit-find-links pyproject.toml --all-extras --group dev -o requirements/dev.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-emit-find-links pyproject.toml --extra schedule -c requirements/dev.txt -o requirements/schedule.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-emit-find-links pyproject.toml --all-extras --group dev --group bench -o requirements/bench.txt

clean:
	rm -rf .venv influence-graph-demo influence-graph-demo.html site

.venv/base: requirements/base.txt pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --require-hashes -r requirements/base.txt
	$(BIN)/pip install --quiet --no-deps --editable .
	touch $@

.venv/dev: requirements/dev.txt pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --require-hashes -r requirements/dev.txt
	$(BIN)/pip install --quiet --no-deps --editable .
	touch $@ .venv/base

.venv/bench: requirements/bench.txt .venv/dev
	$(BIN)/pip install --quiet --require-hashes -r requirements/bench.txt
	touch $@
