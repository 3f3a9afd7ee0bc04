# Vignette's everyday commands; `make help` lists them.

SHELL := /bin/bash
PREFIX ?= /usr/local
DESTDIR ?=
SYSCONFDIR ?= /etc
# Folders that `make run` describes and watches.
DIR ?= Samples

PACKAGES := libopenblas-dev libjpeg62-turbo-dev libavformat-dev libavcodec-dev libswscale-dev \
            libavutil-dev libheif-dev libexempi-dev zlib1g-dev libsqlite3-dev
SWIFT ?= swift
RELEASE := .build/release
# The Swift runtime goes into the programs: the account of a service may not see a toolchain.
RELEASE_FLAGS := -c release --static-swift-stdlib

.PHONY: help run build test check format install uninstall deps clean

help: ## list the commands
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## */  make \1\t/' | expand -t 20

run: build ## describe Samples/ (or DIR=…), then watch it; Ctrl-C ends
	$(RELEASE)/vignette watch $(DIR)

build: deps ## build the release
	$(SWIFT) build $(RELEASE_FLAGS) --product vignette
	$(SWIFT) build $(RELEASE_FLAGS) --product vignette-decoder

test: deps ## run every test
	$(SWIFT) build --build-tests
	@# Among so many lines a failure is hard to find: the failures once more, and the summary, at the end.
	@set -o pipefail; $(SWIFT) test --skip-build 2>&1 | tee .build/tests.log || { \
	    echo; echo "What failed (all of the output is in .build/tests.log):"; \
	    grep -E '^(✘ Test .* recorded an issue|✘ Test run|↳|.*: error:)' .build/tests.log | tail -n 40; \
	    exit 1; \
	}

check: deps ## format and lint
	$(SWIFT) format --in-place --recursive --parallel Sources Tests Package.swift
	$(SWIFT) format lint --strict --recursive --parallel Sources Tests Package.swift

install: ## put programs, model, configuration and units in place (PREFIX, DESTDIR)
	@test -x $(RELEASE)/vignette || { echo "run 'make build' first" >&2; exit 1; }
	install -D -s -m 755 $(RELEASE)/vignette $(DESTDIR)$(PREFIX)/bin/vignette
	install -D -s -m 755 $(RELEASE)/vignette-decoder \
	    $(DESTDIR)$(PREFIX)/libexec/vignette/vignette-decoder
	install -d $(DESTDIR)$(PREFIX)/share/vignette/models $(DESTDIR)$(PREFIX)/share/doc/vignette
	cp -R --no-preserve=mode Models/demo $(DESTDIR)$(PREFIX)/share/vignette/models/
	install -m 644 README.md MODEL.md CHANGELOG.md LICENSE $(DESTDIR)$(PREFIX)/share/doc/vignette/
	install -d $(DESTDIR)$(SYSCONFDIR)/vignette
	@# A configuration that somebody edited stays as it is.
	test -e $(DESTDIR)$(SYSCONFDIR)/vignette/vignette.yaml || \
	    install -m 644 Config/vignette.yaml $(DESTDIR)$(SYSCONFDIR)/vignette/vignette.yaml
	install -d $(DESTDIR)$(PREFIX)/lib/systemd/system $(DESTDIR)$(PREFIX)/lib/systemd/user
	sed 's|/usr/bin/|$(PREFIX)/bin/|; s|/usr/share/|$(PREFIX)/share/|' systemd/vignette.service \
	    > $(DESTDIR)$(PREFIX)/lib/systemd/system/vignette.service
	sed 's|/usr/bin/|$(PREFIX)/bin/|; s|/usr/share/|$(PREFIX)/share/|' systemd/vignette-user.service \
	    > $(DESTDIR)$(PREFIX)/lib/systemd/user/vignette.service
	install -D -m 644 systemd/vignette.sysusers $(DESTDIR)$(PREFIX)/lib/sysusers.d/vignette.conf

uninstall: ## remove what install put in place, but no configuration and no catalogue
	rm -f $(DESTDIR)$(PREFIX)/bin/vignette
	rm -rf $(DESTDIR)$(PREFIX)/libexec/vignette $(DESTDIR)$(PREFIX)/share/vignette \
	    $(DESTDIR)$(PREFIX)/share/doc/vignette
	rm -f $(DESTDIR)$(PREFIX)/lib/systemd/system/vignette.service \
	    $(DESTDIR)$(PREFIX)/lib/systemd/user/vignette.service \
	    $(DESTDIR)$(PREFIX)/lib/sysusers.d/vignette.conf

deps: ## install the C libraries that are missing (Debian, Ubuntu)
	@missing=$$(for p in $(PACKAGES); do \
	    dpkg-query -W -f '$${Status}' $$p 2>/dev/null | grep -q 'ok installed' || echo $$p; done); \
	if [ -n "$$missing" ]; then \
	    echo "Installing" $$missing; \
	    if [ "$$(id -u)" = 0 ]; then asroot=; else asroot=sudo; fi; \
	    $$asroot apt-get update -q && \
	    $$asroot env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $$missing; \
	fi

clean: ## remove what was built
	$(SWIFT) package clean
