# Everything a fresh machine needs: python3.11 (with pip), git and make.
# This machine's setting would make every run recompile every module; lazy bytecode costs nothing.
unexport PYTHONDONTWRITEBYTECODE
export UV_PYTHON_DOWNLOADS := never
export UV_PYTHON_PREFERENCE := only-system
# hospital networks often have a certificate authority of their own
export UV_SYSTEM_CERTS := 1

PYTHON ?= $(shell command -v python3.11 || command -v python3)
UV_VERSION := 0.13.8
UV := PYTHONPATH=.tools $(PYTHON) -m uv
BIN := .venv/bin
QUESTION := What are the treatment options for refractory HLH?

.PHONY: demo test check bench agree papers references coverage lock install browser cql java r schemas clean

demo: .venv/installed
	@$(BIN)/hlh ask "$(QUESTION)"
	@echo; echo '$$ hlh assess ferritin=9000ug/L platelets=45 hemoglobin=82 fever=present splenomegaly=present'
	@$(BIN)/hlh assess ferritin=9000ug/L platelets=45 hemoglobin=82 fever=present splenomegaly=present
	@echo; echo '$$ hlh screen (20,000 invented admissions)'
	@rm -rf .demo && $(BIN)/hlh invent .demo --count 20000 2>/dev/null && $(BIN)/hlh screen .demo --definition hlh_2004; rm -rf .demo
	@echo; echo '$$ hlh check docs/example-paper.md (an invented paper; it ends with 1, since something does not hold)'
	@$(BIN)/hlh check docs/example-paper.md; test $$? -eq 1
	@echo; echo '$$ hlh pool salvage_response_dep_family'
	@$(BIN)/hlh pool salvage_response_dep_family

test: .venv/installed browser cql java r
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/hlh content check
	$(BIN)/pytest -n 2 --dist loadgroup --cov --cov-report=term

check: .venv/installed
	$(BIN)/ruff check .
	$(BIN)/mypy

bench: .venv/installed
	$(BIN)/python benchmarks/ask.py
	$(BIN)/python benchmarks/screen.py
	$(BIN)/python benchmarks/check.py
	$(BIN)/python benchmarks/pool.py

# 100,000 generated patients, the same verdict and bounds in every engine
agree: .venv/installed java
	$(BIN)/python validation/agree.py

# invented papers with planted errors: precision and recall of `hlh check`, kind by kind
papers: .venv/installed
	$(BIN)/python validation/check_papers.py
	$(BIN)/python validation/check_papers.py --held-out
	$(BIN)/python validation/check_papers.py --fresh

# what others find on the same studies (R with metafor and lme4), and by brute force; 10 to 20 minutes
references: .venv/installed
	$(BIN)/python validation/pooling/brute_force.py
	Rscript validation/pooling/reference.R
	$(BIN)/python validation/pooling/peers.py

# how often the intervals of the pooled proportion hold the truth; about 5 minutes
coverage: .venv/installed
	$(BIN)/python validation/pooling/coverage.py

install: .venv/installed

.tools/uv:
	@echo "setting up: uv, then the pinned packages into .venv" >&2
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --root-user-action ignore --target .tools uv==$(UV_VERSION)

.venv/installed: requirements.lock pyproject.toml | .tools/uv
	@$(UV) venv --quiet --allow-existing --python $(PYTHON) .venv
	@$(UV) pip sync --quiet --python $(BIN)/python --require-hashes requirements.lock
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $@

# uv.lock names the registry's hosts; the exported file names none and installs the same.
lock: | .tools/uv
	$(UV) lock --quiet --python $(PYTHON)
	$(UV) export --quiet --frozen --no-emit-project --all-extras --all-groups --output-file requirements.lock
	sed -i '1,2{/^#/d}' requirements.lock

browser:
	@command -v chromium-headless-shell >/dev/null || command -v chromium >/dev/null || bin/install-browser

# the third witness: somebody else's engine for the exported definitions (node and npm)
cql:
	@bin/install-cql

r:
	@Rscript -e 'library(metafor)' >/dev/null 2>&1 || bin/install-r

java:
	@command -v java >/dev/null || bin/install-java

schemas: .venv/installed
	$(BIN)/python -m openhlh.content.schemas

clean:
	rm -rf .venv .tools .cql .demo .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage
