# SPDX-License-Identifier: BSD-2-Clause
# Builds, tests and installs Faultline. `make help` lists the targets.

CC      ?= cc
BUILD   ?= build
PREFIX  ?= /usr/local
VERSION := 0.1

WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wmissing-prototypes -Wstrict-prototypes -Wconversion -Werror
CFLAGS   ?= -O2 -g
SANITIZE ?=
# Not _GNU_SOURCE: with it <signal.h> takes the names REG_RAX and so on, which machine/cpu.h has.
override CPPFLAGS += -Isrc -D_DEFAULT_SOURCE -D_XOPEN_SOURCE=700 -DFAULTLINE_VERSION='"$(VERSION)"' -DFAULTLINE_SHARE='"$(PREFIX)/share/faultline"'
override CFLAGS   += -std=gnu11 $(WARNINGS) $(SANITIZE) -MMD -MP
LDLIBS   := -lZydis -lreadline -lelf -ldw -lcjson

# In the order of the layers: each may use those before it, never those behind it.
LAYERS := machine kernel world view lesson shell screen
# Without position-independent code constant tables of pointers lie in read-only memory, as scripts/check-pure wants.
PURE   := machine kernel

sources   = $(wildcard src/$(1)/*.c)
objects   = $(patsubst %.c,$(BUILD)/%.o,$(call sources,$(1)))
OBJECTS  := $(foreach layer,$(LAYERS),$(call objects,$(layer)))
TESTS    := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/*/*_test.c))
# What the tests of a room share: its other files (fuzz/ and bench/ hold programs of their own).
SUPPORT  := $(filter-out %_test.c tests/fuzz/% tests/bench/%,$(wildcard tests/*/*.c))

.PHONY: all bench test lint clean help headers
.SECONDARY:

all: $(BUILD)/faultline

help:
	@sed -n 's/^## //p' Makefile

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -c $< -o $@

$(foreach layer,$(PURE),$(call objects,$(layer))): override CFLAGS += -fno-pic -fno-pie

$(BUILD)/libfaultline.a: $(OBJECTS)
	@rm -f $@
	$(AR) rcs $@ $^

$(BUILD)/faultline: $(BUILD)/src/main.o $(BUILD)/libfaultline.a
	$(CC) $(CFLAGS) -no-pie $^ $(LDLIBS) -o $@

$(BUILD)/libtests.a: $(patsubst %.c,$(BUILD)/%.o,$(SUPPORT))
	@rm -f $@
	$(AR) rcs $@ $^

$(BUILD)/tests/%_test: $(BUILD)/tests/%_test.o $(BUILD)/libtests.a $(BUILD)/libfaultline.a
	$(CC) $(CFLAGS) -no-pie $^ $(LDLIBS) -lcmocka -o $@

$(BUILD)/tests/%.o: override CPPFLAGS += -Itests -DFAULTLINE_BUILD='"$(BUILD)"'

$(BUILD)/tests/guest/%.o: override CPPFLAGS += -Iinclude

$(BUILD)/tests/golden/golden_test: | $(BUILD)/tests/golden/probe.elf

# What every guest program is made of, beside its own files.
GUEST := $(wildcard include/*.h include/sel4/* include/guest/* include/runtime/*)
PROBE := $(wildcard tests/golden/probe/*.[chS])
$(BUILD)/tests/golden/probe.elf: $(PROBE) $(GUEST) $(BUILD)/faultline
	@mkdir -p $(@D)
	$(BUILD)/faultline cc -O1 $(filter %.c %.S,$(PROBE)) -o $@

## test: builds and runs every test
test: all $(TESTS)
	@set -e; for t in $(TESTS); do echo "== $$t"; $$t; done

## headers: writes those headers of include/sel4/ that say what the kernel's tables say
headers: $(BUILD)/tests/guest/headers_test
	$< --write

BENCH_PROGRAMS := $(patsubst %.c,$(BUILD)/%.elf,$(wildcard tests/bench/programs/*.c))
$(BUILD)/tests/bench/programs/%.elf: tests/bench/programs/%.c tests/bench/programs/bench.h $(BUILD)/faultline
	@mkdir -p $(@D)
	$(BUILD)/faultline cc -O2 $< -o $@

$(BUILD)/tests/bench/bench: $(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/bench/*.c))
	$(CC) $(CFLAGS) -no-pie $^ $(LDLIBS) -lm -o $@

## bench: prints figures, name, value, unit, goal, and writes them to bench.json
bench: all $(BUILD)/tests/bench/bench $(BENCH_PROGRAMS)
	@$(BUILD)/tests/bench/bench

clean:
	rm -rf $(BUILD)

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
