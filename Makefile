# Nhà Rông. `make` alone prints what there is.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.DEFAULT_GOAL := help
.PHONY: help run test check browser lock bench-stock clean

VENV := .venv
BIN := $(VENV)/bin
STOCK := .venv-stock
UV_VERSION := 0.13.9
# uv of the machine if it works (a version manager's shim may not), else the one put in .venv
UV := $(shell uv --version >/dev/null 2>&1 && echo uv || echo $(BIN)/uv)
INPUTS := pyproject.toml requirements.lock

# uv doesn't read pip's settings. The tests need torch: from a local folder of wheels if there is
# one, else the CPU build, not the gigabytes of CUDA that PyPI's own brings.
ifdef PIP_FIND_LINKS
export UV_FIND_LINKS := $(PIP_FIND_LINKS)
else
CPU_TORCH := --torch-backend cpu
endif
ifdef PIP_INDEX_URL
export UV_DEFAULT_INDEX ?= $(PIP_INDEX_URL)
endif

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 22

run: $(VENV)/.run ## install, train if needed, serve on http://localhost:8000
	@exec $(BIN)/rong serve

test: check browser ## install, check and run every test
	@$(BIN)/pytest

check: $(VENV)/.test ## style, types, layers and the data, without running the tests
	@failed=()
	for what in "ruff check ." "ruff format --check ." mypy lint-imports "rong check"; do
		$(BIN)/$$what || failed+=("$$what")
	done
	if [ $${#failed[@]} != 0 ]; then
		printf 'failed: %s\n' "$${failed[@]}" >&2
		exit 1
	fi

lock: $(BIN)/python ## write requirements.lock from pyproject.toml (LOCK=--upgrade: newest versions)
	@$(UV) pip compile pyproject.toml --all-extras --python-version 3.11 --quiet $(LOCK) \
		--annotation-style line --no-header --no-emit-index-url --no-emit-find-links \
		$(CPU_TORCH) -o requirements.lock
	sed 's/+cpu / /' requirements.lock > requirements.lock.new
	mv requirements.lock.new requirements.lock

bench-stock: $(STOCK)/starter/models ## set up stock Rasa beside ours for `rong bench engine` and `nlu`

clean: ## remove the environment, the models and everything made while working
	rm -rf $(VENV) $(STOCK) models .rasa build *.egg-info .pytest_cache .mypy_cache .ruff_cache \
		.hypothesis .import_linter_cache
	find bot knowledge_base actions voices tests -name __pycache__ -prune -exec rm -rf {} +

$(BIN)/python:
	@if uv --version >/dev/null 2>&1; then
		uv venv --quiet -p 3.11 $(VENV)
		exit
	fi
	for python in python3.11 python3; do
		if $$python -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null; then
			echo "Making $(VENV) with $$python"
			$$python -m venv $(VENV) || { rm -rf $(VENV); exit 1; }
			$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION) \
				|| { rm -rf $(VENV); exit 1; }
			exit
		fi
	done
	echo "Neither uv nor Python 3.11 was found; one of them is needed." >&2
	echo "  uv (fetches Python itself): https://docs.astral.sh/uv/getting-started/installation/" >&2
	echo "  Debian 12: apt-get install python3 python3-venv" >&2
	exit 1

$(VENV)/.run: $(INPUTS) | $(BIN)/python
	@echo "Installing what the bot needs"
	$(UV) pip install -p $(BIN)/python -c requirements.lock -e .
	touch $@

$(VENV)/.test: $(INPUTS) | $(BIN)/python
	@echo "Installing what the bot and its tests need"
	$(UV) pip install -p $(BIN)/python $(CPU_TORCH) -c requirements.lock -e '.[test]'
	touch $(VENV)/.run $@

# What the browser tests and the catalogs' tests call, as command:package
browser:
	@missing=()
	for pair in chromium:chromium chromedriver:chromium-driver msgfmt:gettext; do
		command -v "$${pair%%:*}" >/dev/null || missing+=("$${pair##*:}")
	done
	if [ $${#missing[@]} = 0 ]; then exit; fi
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
		echo "Installing $${missing[*]}"
		apt-get update -qq
		DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$${missing[@]}"
	else
		echo "The tests need these packages (names as in Debian): $${missing[*]}" >&2
		exit 1
	fi

# Rasa as its makers ship it: Python 3.10, its own pins, TensorFlow, its starter project.
# Elsewhere, because uv would apply this project's overrides.
$(STOCK)/starter/models: | $(BIN)/python
	@uv=$$(command -v $(UV)); uv=$$(realpath "$$uv")
	here="$(CURDIR)/$(STOCK)"
	python=$${STOCK_PYTHON:-$$(pyenv prefix 3.10 2>/dev/null || echo 3.10)}
	cd "$$(mktemp -d)"
	"$$uv" venv --clear -p "$$python" "$$here"
	"$$uv" pip install -p "$$here/bin/python" rasa==3.6.21
	mkdir -p "$$here/starter"
	cd "$$here"
	RASA_TELEMETRY_ENABLED=false PYTHONWARNINGS=ignore bin/rasa init --no-prompt --init-dir starter
