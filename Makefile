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
# Every address that the programs call is bound when they start, and cannot be written afterwards.
RELEASE_FLAGS := -c release --static-swift-stdlib -Xlinker -z -Xlinker relro -Xlinker -z -Xlinker now $(SWIFT_BUILD_FLAGS)

# Warnings are errors in checks, and not on the machine of somebody who wants to use Vignette.
STRICT := VIGNETTE_STRICT=1
# How many steps a command takes, for what it says at each.
STEPS := $(if $(filter run,$(MAKECMDGOALS)),3,2)
# The oldest Swift that Package.swift is read by.
OLDEST_SWIFT := 6.2

.PHONY: help run build programs test test-arm smoke soak sanitize check install install-programs install-models \
        install-documents install-documentation install-configuration install-units uninstall deb deb-tools test-packages deps \
        toolchain clean

help: ## list the commands
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## */  make \1\t/' | expand -t 24

run: build ## describe Samples/ (or DIR=…), then watch it; Ctrl-C ends
	@echo "3 of 3: describing $(DIR); a line for each picture, then for each that comes. Ctrl-C ends."
	@./vignette watch $(if $(MODEL),--model $(MODEL)) $(DIR)

build: toolchain deps ## build the release
	@echo "2 of $(STEPS): building, a few minutes the first time; [N/M] is how much of it is done"
	@$(MAKE) --no-print-directory programs

programs: # builds the release
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

test-arm: toolchain ## try the kernels as Arm processors run them, by an emulator
	@command -v qemu-aarch64 aarch64-linux-gnu-gcc >/dev/null || { \
	    echo "on Debian: apt-get install qemu-user gcc-aarch64-linux-gnu libc6-dev-arm64-cross" >&2; exit 1; }
	Tests/ArmKernels/run

check: toolchain ## format and lint
	$(SWIFT) format --in-place --recursive --parallel Sources Tests Package.swift
	$(SWIFT) format lint --strict --recursive --parallel Sources Tests Package.swift

install: install-programs install-models install-documents install-documentation install-configuration install-units ## put programs, models, configuration and units in place (PREFIX, DESTDIR)

# Whoever packs the program strips it himself: STRIP= leaves it as it is.
STRIP ?= -s
install-programs:
	@test -x $(RELEASE)/vignette || { echo "run 'make build' first" >&2; exit 1; }
	install -D $(STRIP) -m 755 $(RELEASE)/vignette $(DESTDIR)$(PREFIX)/bin/vignette
	install -D $(STRIP) -m 755 $(RELEASE)/vignette-decoder \
	    $(DESTDIR)$(PREFIX)/libexec/vignette/vignette-decoder

install-models:
	install -d $(DESTDIR)$(PREFIX)/share/vignette/models
	cp -R --no-preserve=mode Models/photographs Models/demo $(DESTDIR)$(PREFIX)/share/vignette/models/

install-documents:
	install -d $(DESTDIR)$(PREFIX)/share/doc/vignette
	install -m 644 README.md MODEL.md CHANGELOG.md LICENSE NOTICE $(DESTDIR)$(PREFIX)/share/doc/vignette/

# Where zsh looks; Debian's packages have a folder of their own.
ZSH_COMPLETIONS ?= $(PREFIX)/share/zsh/site-functions
BASH_COMPLETIONS := $(PREFIX)/share/bash-completion/completions
FISH_COMPLETIONS := $(PREFIX)/share/fish/vendor_completions.d
MAN := $(PREFIX)/share/man
ICONS := $(PREFIX)/share/icons/hicolor/scalable/apps
# Manual pages and completions are made by the program itself, of what its help is made of.
install-documentation:
	made=$$(mktemp -d) && trap 'rm -rf "$$made"' EXIT && \
	$(RELEASE)/vignette documentation -o "$$made" && \
	for section in 1 5 8; do \
	    install -D -m 644 -t $(DESTDIR)$(MAN)/man$$section "$$made"/man/man$$section/*; done && \
	install -D -m 644 -t $(DESTDIR)$(BASH_COMPLETIONS) "$$made"/completions/bash/vignette && \
	install -D -m 644 -t $(DESTDIR)$(ZSH_COMPLETIONS) "$$made"/completions/zsh/_vignette && \
	install -D -m 644 -t $(DESTDIR)$(FISH_COMPLETIONS) "$$made"/completions/fish/vignette.fish
	install -D -m 644 Sources/Web/Resources/icon.svg $(DESTDIR)$(ICONS)/org.vignette.Page.svg

install-configuration:
	install -d $(DESTDIR)$(SYSCONFDIR)/vignette
	@# A configuration that somebody edited stays as it is.
	test -e $(DESTDIR)$(SYSCONFDIR)/vignette/vignette.yaml || \
	    install -m 644 Config/vignette.yaml $(DESTDIR)$(SYSCONFDIR)/vignette/vignette.yaml

UNIT_FOLDER := $(DESTDIR)$(PREFIX)/lib/systemd
PLACED := sed 's|/usr/bin/|$(PREFIX)/bin/|; s|/usr/share/|$(PREFIX)/share/|'
install-units:
	install -d $(UNIT_FOLDER)/system $(UNIT_FOLDER)/user
	for name in vignette vignette-page; do \
	    $(PLACED) systemd/$$name.service > $(UNIT_FOLDER)/system/$$name.service && \
	    $(PLACED) systemd/$$name-user.service > $(UNIT_FOLDER)/user/$$name.service || exit; done
	$(PLACED) systemd/vignette-work.service > $(UNIT_FOLDER)/system/vignette-work.service
	for folder in system user; do \
	    $(PLACED) systemd/vignette-page.socket > $(UNIT_FOLDER)/$$folder/vignette-page.socket || exit; done
	install -D -m 644 systemd/vignette.sysusers $(DESTDIR)$(PREFIX)/lib/sysusers.d/vignette.conf

uninstall: ## remove what install put in place, but no configuration and no catalogue
	rm -f $(DESTDIR)$(PREFIX)/bin/vignette
	rm -rf $(DESTDIR)$(PREFIX)/libexec/vignette $(DESTDIR)$(PREFIX)/share/vignette \
	    $(DESTDIR)$(PREFIX)/share/doc/vignette
	rm -f $(UNIT_FOLDER)/system/vignette.service $(UNIT_FOLDER)/user/vignette.service \
	    $(UNIT_FOLDER)/system/vignette-page.service $(UNIT_FOLDER)/system/vignette-page.socket \
	    $(UNIT_FOLDER)/user/vignette-page.service $(UNIT_FOLDER)/user/vignette-page.socket \
	    $(UNIT_FOLDER)/system/vignette-work.service \
	    $(DESTDIR)$(PREFIX)/lib/sysusers.d/vignette.conf
	rm -f $(DESTDIR)$(MAN)/man1/vignette.1 $(DESTDIR)$(MAN)/man1/vignette-*.1 \
	    $(DESTDIR)$(MAN)/man5/vignette.yaml.5 $(DESTDIR)$(MAN)/man8/vignette.service.8 \
	    $(DESTDIR)$(MAN)/man8/vignette-page.service.8 $(DESTDIR)$(MAN)/man8/vignette-page.socket.8 \
	    $(DESTDIR)$(BASH_COMPLETIONS)/vignette $(DESTDIR)$(ZSH_COMPLETIONS)/_vignette \
	    $(DESTDIR)$(FISH_COMPLETIONS)/vignette.fish $(DESTDIR)$(ICONS)/org.vignette.Page.svg

# Debian packages, made in a copy of the tree beside which they come to lie.
DEB := .build/deb
PACKAGE_TOOLS := dpkg-dev debhelper lintian mmdebstrap appstream desktop-file-utils

# RELEASE=FOLDER names programs that were built from this tree already.
deb: $(if $(filter .build/release,$(RELEASE)),build) deb-tools ## build Debian packages into .build/deb
	rm -rf $(DEB)/packages $(DEB)/*.deb $(DEB)/*.changes $(DEB)/*.buildinfo && mkdir -p $(DEB)/packages/vignette
	git ls-files -z --cached --others --exclude-standard | tar --null -T - -cf - | \
	    tar -xf - -C $(DEB)/packages/vignette
	cp -R Packaging/debian $(DEB)/packages/vignette/debian
	@# Not with this make's own variables, among them a RELEASE that is relative to this folder.
	cd $(DEB)/packages/vignette && env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL RELEASE=$(abspath $(RELEASE)) \
	    dpkg-buildpackage -b -us -uc
	rm -rf $(DEB)/packages/vignette && mv $(DEB)/packages/* $(DEB)/
	@ls -l $(DEB)/*.deb

# What is tested: lintian, install (lintian and a first installation), or all.
WHAT ?= all
test-packages: deb ## build Debian packages, hold lintian against them, and install, upgrade, remove and purge them
	Packaging/test.sh $(DEB) $(WHAT)

deb-tools: # installs what packages are made and tested with
	@$(MAKE) --no-print-directory deps PACKAGES="$(PACKAGE_TOOLS)"

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
