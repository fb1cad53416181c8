# SPDX-License-Identifier: BSD-2-Clause
# Builds, tests and installs Faultline. `make help` lists the targets.

CC      ?= cc
BUILD   ?= build
PREFIX  ?= /usr/local
VERSION := 0.1

WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wmissing-prototypes -Wstrict-prototypes -Wconversion -Werror \
    -Wno-gnu-zero-variadic-macro-arguments
CFLAGS   ?= -O2 -g
SANITIZE ?=
# Not _GNU_SOURCE: with it <signal.h> takes the names REG_RAX and so on, which machine/cpu.h has.
override CPPFLAGS += -Isrc -D_DEFAULT_SOURCE -D_XOPEN_SOURCE=700 -DFAULTLINE_VERSION='"$(VERSION)"' -DFAULTLINE_SHARE='"$(PREFIX)/share/faultline"'
# A product that is rounded before it is added to, square roots without errno: see sse_quick.h.
override CFLAGS   += -std=gnu11 -ffp-contract=off -fno-math-errno $(WARNINGS) $(SANITIZE) -MMD -MP
LDLIBS   := -lZydis -lreadline -lelf -ldw -lcjson -lncursesw

# In the order of the layers: each may use those before it, never those behind it.
LAYERS := machine kernel world view lesson shell course grade screen front
# Without position-independent code constant tables of pointers lie in read-only memory, as scripts/check-pure wants.
PURE   := machine kernel

sources   = $(wildcard src/$(1)/*.c)
objects   = $(patsubst %.c,$(BUILD)/%.o,$(call sources,$(1)))
OBJECTS  := $(foreach layer,$(LAYERS),$(call objects,$(layer)))
TESTS    := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/*/*_test.c))
# What the tests of a room share: its other files (fuzz/ and bench/ hold programs of their own).
SUPPORT  := $(filter-out %_test.c tests/fuzz/% tests/bench/%,$(wildcard tests/*/*.c))

.PHONY: all bench bundle clean compare-builds docs format fuzz fuzz-cpu gradescope headers help install lessons lint lint-deviations \
    lint-format lint-layers lint-licence lint-pure lint-subjects sanitize test uninstall
.SECONDARY:

# `make V=1` shows whole commands, else a line says what is made of what.
Q    := $(if $(V),,@)
say   = $(if $(V),,@printf '  %-4s %s\n' $(1) $@)

## all: builds build/faultline (CC=clang BUILD=build-clang beside it; V=1 shows the commands)
all: $(BUILD)/faultline
# Elsewhere guest programs need a cross compiler, which `make` does not ask for.
ifeq ($(shell uname -m),x86_64)
all: lessons
endif

## help: this list
help:
	@sed -n 's/^## //p' Makefile

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -c $< -o $@

$(foreach layer,$(PURE),$(call objects,$(layer))): override CFLAGS += -fno-pic -fno-pie
# Kernel entries are short loops over registers and message words: unrolled, they take a sixth less.
ifneq ($(filter -O2,$(CFLAGS)),)
$(call objects,kernel): override CFLAGS += -O3
endif

$(BUILD)/libfaultline.a: $(OBJECTS)
	@rm -f $@
	$(call say,AR)
	$(Q)$(AR) rcs $@ $^

$(BUILD)/faultline: $(BUILD)/src/main.o $(BUILD)/libfaultline.a
	$(call say,LINK)
	$(Q)$(CC) $(CFLAGS) -no-pie $^ $(LDLIBS) -o $@

$(BUILD)/libtests.a: $(patsubst %.c,$(BUILD)/%.o,$(SUPPORT))
	@rm -f $@
	$(call say,AR)
	$(Q)$(AR) rcs $@ $^

# There are many of them: the linker that takes a third of the time, where it is.
FAST_LINK := $(if $(shell command -v ld.gold),-fuse-ld=gold)

$(BUILD)/tests/%_test: $(BUILD)/tests/%_test.o $(BUILD)/libtests.a $(BUILD)/libfaultline.a
	$(call say,LINK)
	$(Q)$(CC) $(CFLAGS) -no-pie $(FAST_LINK) $^ $(LDLIBS) -lcmocka -o $@

$(BUILD)/tests/%.o: override CPPFLAGS += -Itests -DFAULTLINE_BUILD='"$(BUILD)"'

# What finds a warning and no more: tests are half of what is compiled, and their own loops are short.
TEST_CFLAGS ?= -O1
$(TESTS:=.o) $(patsubst %.c,$(BUILD)/%.o,$(SUPPORT)): override CFLAGS += $(TEST_CFLAGS)

$(BUILD)/tests/guest/%.o: override CPPFLAGS += -Iinclude

PROBES := $(BUILD)/tests/golden/probe-nonmcs.elf $(BUILD)/tests/golden/probe-debug.elf
$(BUILD)/tests/golden/golden_test $(BUILD)/tests/golden/sweep_test: | $(PROBES)

# What every guest program is made of, beside its own files.
GUEST := $(wildcard include/*.h include/sel4/* include/guest/* include/runtime/*) src/world/compile.c
PROBE := $(wildcard tests/golden/probe/*.[chS])
# By the compiler that the recorded probe was compiled with, whichever compiles Faultline: what lies in
# registers that nobody set is in some of the answers.
$(PROBES): $(BUILD)/tests/golden/probe-%.elf: $(PROBE) $(GUEST) | $(BUILD)/faultline
	@mkdir -p $(@D)
	$(call say,GUEST)
	$(Q)env -u CC $(BUILD)/faultline cc -O1 --kernel=$* $(filter %.c %.S,$(PROBE)) -o $@

# Every C file of a lesson is a program; some of them include another one. One compiler for all builds, so
# that all have the same lessons, recordings and pictures.
LESSON_SOURCES := $(wildcard lessons/*/programs/*.c)
lesson_elf      = $(subst /programs/,/,$(BUILD)/$(1:.c=.elf))

define lesson_program
$(call lesson_elf,$(1)): $(1) $(wildcard $(dir $(1))*) $(GUEST) | $(BUILD)/faultline
	@mkdir -p $$(@D)
	$$(call say,GUEST)
	$(Q)env -u CC $(BUILD)/faultline cc -O1 $$< -o $$@
endef
$(foreach source,$(LESSON_SOURCES),$(eval $(call lesson_program,$(source))))

# Programs for Linux, by the host's compiler: in linux/ without a C library, in linux-libc/ with a static
# one, which a host may lack: then that program is left out.
LINUX_BARE := $(wildcard lessons/*/programs/linux/*.[cS])
LINUX_LIBC := $(wildcard lessons/*/programs/linux-libc/*.c)
linux_elf   = $(BUILD)/$(subst /programs/linux/,/,$(subst /programs/linux-libc/,/,$(basename $(1)))).elf

define linux_program
$(call linux_elf,$(1)): $(1)
	@mkdir -p $$(@D)
	$$(call say,LINUX)
	$(Q)cc -O1 -static -no-pie -fno-stack-protector $$< -o $$@ $(2)
endef
$(foreach source,$(LINUX_BARE),$(eval $(call linux_program,$(source),-nostdlib)))
$(foreach source,$(LINUX_LIBC),$(eval $(call linux_program,$(source),|| echo no static C library)))

## lessons: compiles the guest programs of the lessons
lessons: $(foreach source,$(LESSON_SOURCES),$(call lesson_elf,$(source))) \
         $(foreach source,$(LINUX_BARE) $(LINUX_LIBC),$(call linux_elf,$(source)))

# First, so that at the end no processor waits for another one.
LONGEST := $(BUILD)/tests/programs/programs_test

## test: builds and runs every test (FAULTLINE_PART=1/4: of many like cases each fourth)
test: all $(TESTS)
	@scripts/run-tests $(LONGEST) $(filter-out $(LONGEST),$(sort $(TESTS)))

## sanitize: the same with the address and undefined-behaviour sanitizers, in build-asan
sanitize:
	@$(MAKE) BUILD=build-asan CFLAGS='-O1 -g1 -fno-omit-frame-pointer' TEST_CFLAGS=-O0 \
	    SANITIZE='-fsanitize=address,undefined -fno-sanitize-recover=all' test

## compare-builds: that gcc and clang at -O0 and -O3 make the same machines; builds four times, slow
compare-builds: lessons
	@scripts/compare-builds

## lint: who includes whom, purity, licence lines, layout, lists of deviations and of upstream's subjects
lint: $(addprefix lint-,format pure licence layers subjects deviations)

lint-format lint-licence lint-subjects: lint-%:
	@scripts/check-$*

lint-layers:
	@scripts/check-layers $(LAYERS)

lint-pure: $(foreach layer,$(PURE),$(call objects,$(layer)))
	@scripts/check-pure $^

lint-deviations:
	@scripts/list-deviations | diff docs/deviations.md - || { echo "lint: docs/deviations.md is out of date: make docs"; exit 1; }

## format: lays all C files out as clang-format 14 does
format:
	find src tests -name '*.[ch]' | xargs clang-format-14 -i

## docs: writes what docs/ repeats from the source
docs: $(BUILD)/faultline $(BUILD)/tests/machine/host_test $(BUILD)/tests/machine/instructions_test
	$(BUILD)/faultline --print-commands >docs/commands.md
	$(BUILD)/faultline --print-events >docs/events.md
	scripts/list-deviations >docs/deviations.md
	scripts/draw-screens $(BUILD)/faultline >docs/screens.md
	scripts/draw-pictures $(BUILD)/faultline
	$(BUILD)/tests/machine/host_test --coverage | $(BUILD)/tests/machine/instructions_test --write >docs/instructions.md.new
	mv docs/instructions.md.new docs/instructions.md

# Each file of tests/fuzz/ is a program that libFuzzer drives; clang only.
FUZZERS := $(patsubst tests/fuzz/%.c,build-fuzz/tests/fuzz/%,$(wildcard tests/fuzz/*.c))
FUZZ_SECONDS ?= 20
build-fuzz/tests/fuzz/%: build-fuzz/tests/fuzz/%.o build-fuzz/libfaultline.a
	$(call say,LINK)
	$(Q)$(CC) $(CFLAGS) -fsanitize=fuzzer -no-pie $^ $(LDLIBS) -o $@

## fuzz: feeds command lines, files and guest code made of chance to the program (FUZZ_SECONDS=20 each)
fuzz:
	@$(MAKE) CC=clang BUILD=build-fuzz CFLAGS='-O1 -g' \
	    SANITIZE='-fsanitize=address,undefined,fuzzer-no-link -fno-sanitize-recover=all' $(FUZZERS)
	@set -e; for f in $(FUZZERS); do mkdir -p $$f.corpus; \
	    $$f -max_total_time=$(FUZZ_SECONDS) -timeout=10 -rss_limit_mb=2048 -artifact_prefix=$$f. $$f.corpus \
	    $$(ls -d tests/fuzz/seeds/$$(basename $$f) 2>/dev/null); done

## fuzz-cpu: holds the processor against the host's, with new seeds, for FUZZ_SECONDS (60 by default)
fuzz-cpu: $(BUILD)/tests/machine/host_test
	@scripts/fuzz-cpu $< $(if $(filter file,$(origin FUZZ_SECONDS)),60,$(FUZZ_SECONDS))

## headers: writes those headers of include/sel4/ that say what the kernel's tables say
headers: $(BUILD)/tests/guest/headers_test
	$< --write

BENCH_PROGRAMS := $(patsubst %.c,$(BUILD)/%.elf,$(wildcard tests/bench/programs/*.c))
$(BUILD)/tests/bench/programs/%.elf: tests/bench/programs/%.c tests/bench/programs/bench.h $(BUILD)/faultline
	@mkdir -p $(@D)
	$(call say,GUEST)
	$(Q)$(BUILD)/faultline cc -O2 $< -o $@

BENCH_KERNEL := $(patsubst %.c,$(BUILD)/%.elf,$(wildcard tests/bench/kernel/*.c))
$(BUILD)/tests/bench/kernel/%.elf: tests/bench/kernel/%.c $(wildcard tests/bench/kernel/*.h) $(BUILD)/faultline
	@mkdir -p $(@D)
	$(call say,GUEST)
	$(Q)$(BUILD)/faultline cc -O2 $< -o $@

BENCH_NATIVE := $(patsubst %.c,$(BUILD)/%.native,$(filter-out %/fault.c,$(wildcard tests/bench/programs/*.c)))
$(BUILD)/tests/bench/programs/%.native: tests/bench/programs/%.c tests/bench/programs/bench.h
	@mkdir -p $(@D)
	$(Q)$(CC) -O2 -DBENCH_NATIVE $< -o $@

$(BUILD)/tests/bench/bench: $(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/bench/*.c)) $(BUILD)/libfaultline.a
	$(call say,LINK)
	$(Q)$(CC) $(CFLAGS) -no-pie $^ $(LDLIBS) -lm -o $@

## bench: prints figures, name, value, unit, goal, and writes them to bench.json
bench: all $(BUILD)/tests/bench/bench $(BENCH_PROGRAMS) $(BENCH_KERNEL) $(BENCH_NATIVE)
	@$(BUILD)/tests/bench/bench

# Where `make install` puts things; DESTDIR stands in front of all of them.
BINDIR   = $(DESTDIR)$(PREFIX)/bin
SHAREDIR = $(DESTDIR)$(PREFIX)/share
COMPLETIONS = bash-completion/completions/faultline zsh/site-functions/_faultline fish/vendor_completions.d/faultline.fish

## install: the program, what guest programs include, lessons, man page, completions (PREFIX, DESTDIR)
install: all
	install -d $(BINDIR) $(SHAREDIR)/faultline $(SHAREDIR)/man/man1
	install -m 755 $(BUILD)/faultline $(BINDIR)/faultline
	cp -R include $(wildcard lessons $(BUILD)/lessons) $(SHAREDIR)/faultline/
	install -m 644 docs/faultline.1 $(SHAREDIR)/man/man1/faultline.1
	install -d $(dir $(addprefix $(SHAREDIR)/,$(COMPLETIONS)))
	install -m 644 scripts/completion/faultline.bash $(SHAREDIR)/$(word 1,$(COMPLETIONS))
	install -m 644 scripts/completion/faultline.zsh $(SHAREDIR)/$(word 2,$(COMPLETIONS))
	install -m 644 scripts/completion/faultline.fish $(SHAREDIR)/$(word 3,$(COMPLETIONS))

## uninstall: takes away what install put there
uninstall:
	rm -rf $(BINDIR)/faultline $(SHAREDIR)/faultline $(SHAREDIR)/man/man1/faultline.1 $(addprefix $(SHAREDIR)/,$(COMPLETIONS))

## bundle: a tar.gz that runs from any folder: program, libraries, lessons and their programs
bundle: all
	@scripts/make-bundle $(BUILD) $(VERSION)

## gradescope: the zip that Gradescope takes as an autograder (LESSON=1-8, COURSE=FILE)
LESSON ?= 1
gradescope: bundle
	@scripts/make-gradescope $(BUILD) $(BUILD)/faultline-$(VERSION)-linux-$$(uname -m).tar.gz $(LESSON)

## clean: removes everything that was built
clean:
	rm -rf $(BUILD) build-clang build-asan build-fuzz

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
