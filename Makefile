# For people who like make; nothing needs it.
PYTHON ?= python3
BIN := .venv/bin

.venv/bin/routekaart: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install '.[test,dev]'

.PHONY: demo test lint docs screenshots examples bench ci
demo: .venv/bin/routekaart
	$(BIN)/routekaart demo
test: .venv/bin/routekaart
	$(BIN)/pip install -q --no-deps --force-reinstall .
	$(BIN)/python -m pytest tests
lint: .venv/bin/routekaart
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy -p routekaart && $(BIN)/lint-imports
docs: .venv/bin/routekaart
	$(BIN)/python docs/make.py
screenshots: .venv/bin/routekaart
	$(BIN)/python docs/screenshots.py
examples:
	$(BIN)/python bench/maker/make.py --example 2026 -o examples/voorbeeldregio
	$(BIN)/python bench/maker/make.py --example 2025 -o examples/voorbeeldregio-2025
	$(BIN)/python bench/maker/log.py examples/voorbeeldregio -o examples/voorbeeldlog
bench: .venv/bin/routekaart
	$(BIN)/python bench/build.py --scale region
ci:
	bash .ci/run
