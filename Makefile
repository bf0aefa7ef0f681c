# Each line is a command one could type. `make dev` and `make test` prepare everything they need.
PY := .venv/bin/python
SEEDS := 10000
PEOPLE := 100000
BIN := .venv/bin

.PHONY: restore-drill dev test lint check bench crash rolling people simulate docs lock format clean setup browser sdk sdk-packaging phone-ecosystem phone-vendor pictures rotations

setup: .venv/ready            ## a virtual environment with everything in it

.venv/ready: requirements/dev.txt pyproject.toml emulator/pyproject.toml tools/setup
	tools/setup

browser: .venv/ready          ## Chromium, nginx and databases for the tests that need them
	tools/setup-system

dev: .venv/ready              ## the whole thing on this machine, no AppID needed
	$(BIN)/lingpai dev

sdk: .venv/ready              ## the SDK for mini programs, and Node for its tests
	tools/setup-sdk

test: browser sdk             ## every test
	$(BIN)/pytest -n 2 --dist loadfile

lint: .venv/ready             ## what machines can see without running anything
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(PY) docs/generate.py --check

check: lint test              ## all that has to be green before a commit

phone-ecosystem: browser      ## other people's components and toolchains on the phone, from the npm registry
	LINGPAI_TEST_ECOSYSTEM=1 $(BIN)/pytest -n 0 tests/phone/test_other_peoples_components.py tests/phone/test_other_peoples_toolchains.py

pictures: browser             ## the pictures in the READMEs anew, from `lingpai dev`
	$(BIN)/pytest -n 0 tests/journeys/test_dev.py -k "signs_in_on_the_phone and 1280"
	cp artifacts/phone-en-GB-1280.png docs/images/phone.png
	cp artifacts/phone-zh-CN-1280.png docs/images/phone.zh-CN.png

phone-vendor:                 ## build what the phone bundles anew, from the locked npm packages
	cd tools/phone-vendor && npm ci && npm run build

crash: browser                ## 200 kills of the server and of the store, 30 of each database
	LINGPAI_TEST_KILLS=200 $(BIN)/pytest -m kills

rolling: browser              ## three rounds of restarts, upgrades and kills behind nginx, 500 requests a second
	LINGPAI_TEST_ROLLING=3 LINGPAI_TEST_ROLLING_RATE=500 $(BIN)/pytest -n 0 -s tests/rolling

rotations: browser            ## 100 data keys, 10 master keys, 1,000 signing keys, under people who notice nothing
	LINGPAI_TEST_ROTATIONS=100 $(BIN)/pytest -n 0 -s tests/rotations/test_keys_that_seal.py tests/rotations/test_keys_that_sign.py

people: .venv/ready           ## 100,000 logins of 10,000 people over three apps: as many users as people
	LINGPAI_TEST_PEOPLE=10000 $(BIN)/pytest -n 0 --timeout 3600 tests/oauth/test_many_people.py

simulate: .venv/ready         ## the keeper under every fault: make simulate SEEDS=10000
	LINGPAI_TEST_SEEDS=$(SEEDS) $(BIN)/pytest -n 2 tests/simulation

restore-drill: .venv/ready    ## back up, lose and restore a database of so many people: make restore-drill PEOPLE=1000000
	$(PY) bench/restore.py --people $(PEOPLE)

bench: browser                ## what a login and a session check cost, beside others
	$(PY) bench/login.py
	$(PY) bench/session.py
	$(PY) bench/decrypt.py
	$(PY) bench/keeper.py
	$(PY) bench/traces.py
	$(PY) bench/storage.py
	$(PY) bench/console.py
	$(PY) bench/recorder.py
	$(PY) bench/pages.py

sdk-packaging: sdk            ## WeChat's own packer takes the SDK; fetches 280 MB
	tools/sdk-packaging

docs: .venv/ready             ## write the generated pages anew
	$(PY) docs/generate.py

format: .venv/ready
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: .venv/ready             ## lock requirements/*.in with hashes, without download addresses
	for name in server emulator dev node build; do \
	  $(BIN)/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header --universal \
	    --python-version 3.11 requirements/$$name.in -o requirements/$$name.txt || exit 1; done

clean:
	rm -rf sdk/miniprogram/node_modules sdk/miniprogram/miniprogram_dist sdk/miniprogram/types
	rm -rf .venv .lingpai artifacts .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
