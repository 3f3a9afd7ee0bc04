# Vignette's everyday commands; `make help` lists them.

SHELL := /bin/bash
PREFIX ?= /usr/local
DESTDIR ?=
SYSCONFDIR ?= /etc
# Folders that `make run` describes and watches.
DIR ?= Samples
# The model that it does so with: the samples are drawings, which the one for photographs does not know.
MODEL ?= $(if $(filter-out $(abspath Samples),$(abspath $(DIR))),,demo)

PACKAGES := libopenblas-dev libjpeg-dev libavformat-dev libavcodec-dev libswscale-dev \
            libavutil-dev libheif-dev liblcms2-dev libjxl-dev libraw-dev libopenjp2-7-dev \
            libexempi-dev libexpat1-dev libpng-dev libseccomp-dev libtiff-dev libwebp-dev zlib1g-dev libsqlite3-dev libssl-dev \
            libcurl4-openssl-dev libpq-dev ca-certificates
SWIFT ?= swift
RELEASE := .build/release
# More for `swift build`, such as --scratch-path.
SWIFT_BUILD_FLAGS ?=
# The Swift runtime goes into the programs: the account of a service may not see a toolchain.
RELEASE_FLAGS := -c release --static-swift-stdlib $(SWIFT_BUILD_FLAGS)

# Warnings are errors in checks, and not on the machine of somebody who wants to use Vignette.
STRICT := VIGNETTE_STRICT=1
# How many steps a command takes, for what it says at each.
STEPS := $(if $(filter run,$(MAKECMDGOALS)),3,2)
# The oldest Swift that Package.swift is read by.
OLDEST_SWIFT := 6.2

.PHONY: help run build test smoke soak sanitize check install uninstall deps toolchain clean

help: ## list the commands
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## */  make \1\t/' | expand -t 20

run: build ## describe Samples/ (or DIR=…), then watch it; Ctrl-C ends
	@echo "3 of 3: describing $(DIR); a line for each picture, then for each that comes. Ctrl-C ends."
	@./vignette watch $(if $(MODEL),--model $(MODEL)) $(DIR)

build: toolchain deps ## build the release
	@echo "2 of $(STEPS): building, a few minutes the first time; [N/M] is how much of it is done"
	@$(SWIFT) build $(RELEASE_FLAGS) --product vignette-decoder
	@$(SWIFT) build $(RELEASE_FLAGS) --product vignette

test: toolchain deps ## run every test
	@echo "2 of 2: building and running every test; [N/M] is how much is built"
	@$(STRICT) $(SWIFT) build --build-tests
	@# Among so many lines a failure is hard to find: the failures once more, and the summary, at the end.
	@set -o pipefail; $(STRICT) $(SWIFT) test --skip-build 2>&1 | tee .build/tests.log || { \
	    echo; echo "What failed (all of the output is in .build/tests.log):"; \
	    grep -E '^(✘ Test .* recorded an issue|✘ Test run|↳|.*: error:)' .build/tests.log | tail -n 40; \
	    exit 1; \
	}

soak: build ## run the long tests for longer, with a release: a thousand kills, a hundred thousand changes (hours)
	@$(STRICT) $(SWIFT) build --build-tests
	$(STRICT) VIGNETTE_SOAK=1 VIGNETTE_PROGRAMS=$(abspath $(RELEASE)) \
	    VIGNETTE_DECODER=$(abspath $(RELEASE))/vignette-decoder $(SWIFT) test --skip-build --filter 'CrashTests|TruthTests|RealMount|Fault|LargeMigration|Soak|MutatedMedia|MutationTests|noKillLeavesHalfASidecar|everyPictureIsDescribedOnce'

sanitize: toolchain deps ## try damaged files with the decoder's C code under sanitizers
	@# In a folder of its own, since all that is compiled differs. Swift has no undefined-behaviour sanitizer.
	$(SWIFT) build --scratch-path .build/sanitized --product vignette-decoder --sanitize=address \
	    -Xcc -fsanitize=undefined -Xcc -fno-sanitize-recover=undefined
	@$(STRICT) $(SWIFT) build --build-tests
	$(STRICT) VIGNETTE_SANITIZED=1 VIGNETTE_DECODER=.build/sanitized/debug/vignette-decoder \
	    $(SWIFT) test --skip-build --filter MutationTests

# A folder of its own: what is built for the tests stays, and whoever has run `make build` keeps that.
SMOKE := .build/smoke
smoke: toolchain deps ## build an optimised program and run some of the tests with it
	@echo "2 of 2: building the release into $(SMOKE) and the tests; [N/M] is how much is built"
	@$(STRICT) $(SWIFT) build $(RELEASE_FLAGS) --scratch-path $(SMOKE) --product vignette-decoder
	@$(STRICT) $(SWIFT) build $(RELEASE_FLAGS) --scratch-path $(SMOKE) --product vignette
	@$(STRICT) $(SWIFT) build --build-tests
	$(STRICT) VIGNETTE_PROGRAMS=$(CURDIR)/$(SMOKE)/release $(SWIFT) test --skip-build \
	    --filter 'SampleTests|ScanCommandTests|MediaFileTests|RedoCommandTests|DocumentTests'

check: toolchain ## format and lint
	$(SWIFT) format --in-place --recursive --parallel Sources Tests Package.swift
	$(SWIFT) format lint --strict --recursive --parallel Sources Tests Package.swift

install: ## put programs, models, configuration and units in place (PREFIX, DESTDIR)
	@test -x $(RELEASE)/vignette || { echo "run 'make build' first" >&2; exit 1; }
	install -D -s -m 755 $(RELEASE)/vignette $(DESTDIR)$(PREFIX)/bin/vignette
	install -D -s -m 755 $(RELEASE)/vignette-decoder \
	    $(DESTDIR)$(PREFIX)/libexec/vignette/vignette-decoder
	install -d $(DESTDIR)$(PREFIX)/share/vignette/models $(DESTDIR)$(PREFIX)/share/doc/vignette
	cp -R --no-preserve=mode Models/photographs Models/demo $(DESTDIR)$(PREFIX)/share/vignette/models/
	install -m 644 README.md MODEL.md CHANGELOG.md LICENSE NOTICE $(DESTDIR)$(PREFIX)/share/doc/vignette/
	install -d $(DESTDIR)$(SYSCONFDIR)/vignette
	@# A configuration that somebody edited stays as it is.
	test -e $(DESTDIR)$(SYSCONFDIR)/vignette/vignette.yaml || \
	    install -m 644 Config/vignette.yaml $(DESTDIR)$(SYSCONFDIR)/vignette/vignette.yaml
	install -d $(DESTDIR)$(PREFIX)/lib/systemd/system $(DESTDIR)$(PREFIX)/lib/systemd/user
	sed 's|/usr/bin/|$(PREFIX)/bin/|; s|/usr/share/|$(PREFIX)/share/|' systemd/vignette.service \
	    > $(DESTDIR)$(PREFIX)/lib/systemd/system/vignette.service
	sed 's|/usr/bin/|$(PREFIX)/bin/|; s|/usr/share/|$(PREFIX)/share/|' systemd/vignette-user.service \
	    > $(DESTDIR)$(PREFIX)/lib/systemd/user/vignette.service
	sed 's|/usr/bin/|$(PREFIX)/bin/|; s|/usr/share/|$(PREFIX)/share/|' systemd/vignette-page.service \
	    > $(DESTDIR)$(PREFIX)/lib/systemd/system/vignette-page.service
	sed 's|/usr/bin/|$(PREFIX)/bin/|; s|/usr/share/|$(PREFIX)/share/|' systemd/vignette-page-user.service \
	    > $(DESTDIR)$(PREFIX)/lib/systemd/user/vignette-page.service
	sed 's|/usr/bin/|$(PREFIX)/bin/|; s|/usr/share/|$(PREFIX)/share/|' systemd/vignette-work.service \
	    > $(DESTDIR)$(PREFIX)/lib/systemd/system/vignette-work.service
	for folder in system user; do \
	    sed 's|/usr/share/|$(PREFIX)/share/|' systemd/vignette-page.socket \
	        > $(DESTDIR)$(PREFIX)/lib/systemd/$$folder/vignette-page.socket; done
	install -D -m 644 systemd/vignette.sysusers $(DESTDIR)$(PREFIX)/lib/sysusers.d/vignette.conf

uninstall: ## remove what install put in place, but no configuration and no catalogue
	rm -f $(DESTDIR)$(PREFIX)/bin/vignette
	rm -rf $(DESTDIR)$(PREFIX)/libexec/vignette $(DESTDIR)$(PREFIX)/share/vignette \
	    $(DESTDIR)$(PREFIX)/share/doc/vignette
	rm -f $(DESTDIR)$(PREFIX)/lib/systemd/system/vignette.service \
	    $(DESTDIR)$(PREFIX)/lib/systemd/user/vignette.service \
	    $(DESTDIR)$(PREFIX)/lib/systemd/system/vignette-page.service \
	    $(DESTDIR)$(PREFIX)/lib/systemd/system/vignette-work.service \
	    $(DESTDIR)$(PREFIX)/lib/systemd/system/vignette-page.socket \
	    $(DESTDIR)$(PREFIX)/lib/systemd/user/vignette-page.service \
	    $(DESTDIR)$(PREFIX)/lib/systemd/user/vignette-page.socket \
	    $(DESTDIR)$(PREFIX)/lib/sysusers.d/vignette.conf

toolchain: # holds that there is a Swift, and a new enough one
	@version=$$($(SWIFT) --version 2>/dev/null | sed -nE 's/.*Swift version ([0-9]+\.[0-9]+).*/\1/p' | head -n 1); \
	if [ -z "$$version" ]; then \
	    found="there is no '$(SWIFT)' here"; \
	elif [ "$$(printf '%s\n' $(OLDEST_SWIFT) "$$version" | sort -V | head -n 1)" != $(OLDEST_SWIFT) ]; then \
	    found="'$(SWIFT)' here is Swift $$version"; \
	else exit 0; fi; \
	{   echo "Vignette is built with Swift $(OLDEST_SWIFT) or newer; $$found."; \
	    echo "Install it as https://www.swift.org/install/linux tells: on Debian and Ubuntu by swiftly,"; \
	    echo "'swiftly install latest', or unpack its archive and put the folder usr/bin into PATH."; \
	    echo "Then run 'make $(or $(MAKECMDGOALS),run)' again; SWIFT=/path/to/swift names one that is not in PATH."; \
	} >&2; exit 1

deps: # installs the C libraries that are missing (Debian, Ubuntu)
	@command -v dpkg-query >/dev/null || { \
	    echo "Not Debian or Ubuntu: install these libraries by hand if they are missing: $(PACKAGES)"; exit 0; }; \
	missing=$$(for p in $(PACKAGES); do \
	    dpkg-query -W -f '$${Status}' $$p 2>/dev/null | grep -q 'ok installed' || echo $$p; done); \
	if [ -n "$$missing" ]; then \
	    echo "1 of $(STEPS): libraries: installing" $$missing; \
	    if [ "$$(id -u)" = 0 ]; then asroot=; else asroot=sudo; fi; \
	    $$asroot apt-get update -q && \
	    $$asroot env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $$missing; \
	else echo "1 of $(STEPS): libraries: all there"; fi

clean: ## remove what was built
	$(SWIFT) package clean
