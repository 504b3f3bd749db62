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

.PHONY: demo test check bench lock install browser schemas clean

demo: .venv/installed
	@$(BIN)/hlh ask "$(QUESTION)"

test: .venv/installed browser
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/hlh content check
	$(BIN)/pytest -n 2 --cov --cov-report=term

check: .venv/installed
	$(BIN)/ruff check .
	$(BIN)/mypy

bench: .venv/installed
	$(BIN)/python benchmarks/ask.py

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

schemas: .venv/installed
	$(BIN)/python -m openhlh.content.schemas

clean:
	rm -rf .venv .tools .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage
