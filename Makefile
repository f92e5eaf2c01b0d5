# cs-analytics: everything a person or a machine does with the checkout. Bare `make` lists the targets.

SWIFT  ?= swift
JOBS   ?= 2
BINARY  = .build/release/cs-analytics

.DEFAULT_GOAL := help
.PHONY: help setup setup-test build run test coverage lint format samples benchmark clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## install the C libraries (Debian packages)
	@scripts/setup libpq-dev libopenblas-dev libarchive-dev libgmime-3.0-dev libsqlite3-dev pkg-config

setup-test: setup ## install what the tests need besides (PostgreSQL, tools that make archives)
	@scripts/setup postgresql xz-utils bzip2 libarchive-tools python3

build: setup ## build the program in release mode
	$(SWIFT) build -c release --product cs-analytics -j $(JOBS)

run: build ## run the nightly job on datasets/samples into the embedded store; prints the path of the report
	@$(BINARY) nightly --config datasets/samples/cs-analytics.yaml datasets/samples/exports

test: setup-test ## run every test against SQLite and a throwaway PostgreSQL
	$(SWIFT) build --build-tests -j $(JOBS)
	scripts/test

coverage: setup-test ## run the tests and print line coverage of Sources (fails below 85%)
	scripts/coverage

lint: ## check the format of all Swift code and shell scripts
	$(SWIFT) format lint --strict --recursive Package.swift Sources Tests Benchmarks

format: ## format all Swift code in place
	$(SWIFT) format --in-place --recursive Package.swift Sources Tests Benchmarks

samples: ## make datasets/samples/exports again from its seed
	python3 datasets/samples/generate.py

benchmark: build ## run the benchmarks of Benchmarks/ (see its README)
	Benchmarks/run

clean: ## remove what builds and runs have made
	rm -rf .build reports .cs-analytics datasets/samples/.cs-analytics
