# `make demo` shows the main job, `make test` proves it; both do all their set-up from python3 and make.
.PHONY: demo test coverage lint bench bench-quality nightly lock setup help
.DEFAULT_GOAL := help

help:      ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 16

setup:     ## make .venv from the locked requirements
	@scripts/bootstrap

demo: setup ## a real AutoGen group under attack, unguarded and guarded
	@.venv/bin/rune demo

test: setup ## lint, every test, and the integration on every supported AutoGen
	@scripts/test

coverage: setup ## the test suite with branch coverage
	@scripts/coverage

lint: setup ## formatting, ruff, mypy, layers, house figures
	@scripts/lint

bench: setup ## every figure of docs/promises.md, as a table and as results/bench.json
	@.venv/bin/python -m benchmarks

bench-quality: setup ## how well attacks of left-out sources are found, beside what else can be installed: docs/detection-quality.md
	@scripts/bench-quality

nightly: setup ## the test suite with its long campaigns at full size
	@RUNE_NIGHTLY=1 scripts/test
	@scripts/coverage

lock: setup ## resolve the requirement files again
	@scripts/lock
