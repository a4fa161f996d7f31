# The only door. `make help` lists it; scripts/ holds what each target does.
.PHONY: help up down test check demo bench chaos fuzz compose-test binaries

help: ## this list
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

up: ## start RabbitMQ, Redis and PostgreSQL for this checkout (or use GATEWAY_*_URL)
	@scripts/services up

down: ## end what `make up` started
	@scripts/services down

test: ## every test, on fresh private services
	@scripts/services run -- scripts/test

check: ## formatting, lints and documentation, warnings as errors
	@scripts/check

demo: ## the whole way of a message, before your eyes
	@scripts/demo

bench: ## throughput and latency beside a bare ceiling
	@scripts/bench

chaos: ## kill everything under load, then count
	@scripts/chaos

fuzz: ## every reader of what arrives, one minute each (scripts/fuzz SECONDS TARGET… for more)
	@scripts/fuzz

compose-test: ## the deployment in containers: built, played, scaled, broken, watched
	@scripts/compose-test

binaries: ## all programs, stripped, where the Dockerfile takes them instead of compiling
	@scripts/binaries
