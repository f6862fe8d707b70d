# The two commands are `make demo` and `make test`; each sets up what it needs, with Python 3.11+, pip and make alone.
.DEFAULT_GOAL := help
SHELL := /bin/sh

PYTHON ?= $(shell for p in python3 python3.12 python3.11 python3.13; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
# A stamp names the lock file's content, so that a changed lock installs again and an unchanged one never does.
stamp = $(VENV)/.$(1)-$(shell cat requirements/$(1).lock pyproject.toml | cksum | tr ' ' '-')
BASE := $(call stamp,base)
DEV := $(call stamp,dev)
DEMO_FLAGS ?=
PYTEST_FLAGS ?= -n 2
# Percent of domain code; the aim is 90.
COVERAGE ?= 80
DOMAIN := tenants/*,catalog/*,assessment/*,integrations/*,platform/zhiheng/scoring/*,platform/zhiheng/kernel/*,platform/zhiheng/accounts/*,platform/zhiheng/library/*,platform/zhiheng/benchmarking/*,platform/zhiheng/provincial/*

.PHONY: help demo test setup lint types contracts pytest openapi messages clean

help:
	@echo "make demo      set up, build the demo year and run the site / 准备环境，建演示数据，启动网站"
	@echo "make test      set up, lint, type-check, check import contracts, run all tests / 准备环境并跑全部测试"
	@echo "make setup     development environment only / 只准备开发环境"
	@echo "make lint | types | contracts | pytest    one step of make test / 其中一步"
	@echo "make openapi   write the API description / 写出接口说明"
	@echo "make messages  update the translation catalogues / 更新翻译目录"

demo: $(BASE)
	$(BIN)/zhiheng up $(DEMO_FLAGS)

test: setup lint types contracts pytest

setup: $(DEV)

lint: $(DEV)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(DEV)
	$(BIN)/mypy

contracts: $(DEV)
	$(BIN)/lint-imports

pytest: $(DEV)
	@# Tests with real processes and a browser can stumble on a busy machine: what failed has to pass once more, alone.
	$(BIN)/pytest $(PYTEST_FLAGS) --cov --cov-report=xml --cov-report= || { \
		echo "Failed tests run once more, one by one."; \
		$(BIN)/pytest -q --last-failed --last-failed-no-failures none --cov --cov-append --cov-report=xml --cov-report=; }
	$(BIN)/coverage report --include='$(DOMAIN)' --fail-under=$(COVERAGE) --skip-covered

openapi: $(DEV)
	$(BIN)/python -m zhiheng.api.describe tests/api

messages: $(DEV)
	$(BIN)/python -m zhiheng.web.messages

clean:
	rm -rf $(VENV) artefacts coverage.xml .coverage .mypy_cache .ruff_cache .pytest_cache

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "需要 Python 3.11、3.12 或 3.13。装好后重试，或写明：make PYTHON=/路径/python3.12 …"; exit 1; }
	@$(PYTHON) -m venv $(VENV) >/dev/null 2>&1 || $(PYTHON) -m venv --clear --without-pip $(VENV) || \
		{ echo "Python 缺 venv 模块。Debian/Ubuntu：apt-get install python3-venv，然后重试。"; exit 1; }

$(BASE) $(DEV): | $(VENV)/bin/python
	@echo "正在安装依赖（首次约一分钟）…"
	@pip="$(BIN)/python -m pip"; $$pip --version >/dev/null 2>&1 || pip="$(PYTHON) -m pip --python $(BIN)/python"; \
	lock=$(patsubst .%,%,$(firstword $(subst -, ,$(@F)))); \
	$$pip install --quiet --disable-pip-version-check --root-user-action=ignore --no-deps -r requirements/$$lock.lock && \
	$$pip install --quiet --disable-pip-version-check --root-user-action=ignore --no-deps --editable . || \
	{ echo "依赖没有装完。请检查网络和磁盘空间，再运行一次；装过的不会重装。"; exit 1; }
	@rm -f $(VENV)/.$(patsubst .%,%,$(firstword $(subst -, ,$(@F))))-*
	@touch $@
