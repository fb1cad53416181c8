/* SPDX-License-Identifier: BSD-2-Clause */
/* docs/instructions.md: what the processor does with each mnemonic. All encodings of the opcode maps are
 * decoded and lowered as for execution, in 64-bit mode and as 32-bit code; the handler that comes out
 * tells. `host_test --coverage | instructions_test --write` prints the page; the test holds the page
 * that is there against one made anew, with the counts that it has. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "machine/core.h"
#include "machine/text.h"

enum { MNEMONICS = 2048, PAGE = 1 << 18, MODES = 2 };

enum verdict { NOT_THERE, UNDEFINED, PRIVILEGED, EXECUTED };

struct mnemonic {
    const char *name;
    enum verdict verdict[MODES]; /* 64-bit mode, 32-bit code: the best of all encodings */
    unsigned tested;
};

static struct mnemonic all[MNEMONICS];
static unsigned count;
static char page[PAGE];
static size_t length;

/* --- finding out ------------------------------------------------------------------------------------ */

static enum verdict verdict_of(const uint8_t *bytes, bool is_compat)
{
    const struct handlers *h = &handlers_careful;
    struct instruction i;
    union cell cell[8];
    bool ends, has_undefined = false, has_privileged = false;
    if (decode(bytes, 15, 0x1000, is_compat, &i) != DECODED) return UNDEFINED;
    unsigned cells = lower(&i, h, 0x1000, 0, cell, &ends);
    for (unsigned n = 0; n < cells; n++) {
        has_undefined |= cell[n].op.run == h->plain[OP_UNDEFINED][FORM_NONE][0];
        has_undefined |= cell[n].op.run == h->plain[OP_FPU][FORM_NONE][0];
        has_privileged |= cell[n].op.run == h->plain[OP_PRIVILEGED][FORM_NONE][0];
    }
    return has_undefined ? UNDEFINED : has_privileged ? PRIVILEGED : EXECUTED;
}

static struct mnemonic *find(const char *name)
{
    for (unsigned i = 0; i < count; i++)
        if (strcmp(all[i].name, name) == 0) return &all[i];
    return NULL;
}

static void meet(const uint8_t *bytes, unsigned mode)
{
    const char *name = instruction_mnemonic(bytes, 15, mode);
    if (!name || strcmp(name, "invalid") == 0) return;
    struct mnemonic *m = find(name);
    if (!m) {
        assert_true(count < MNEMONICS);
        m = &all[count++];
        *m = (struct mnemonic){ .name = name };
    }
    enum verdict v = verdict_of(bytes, mode);
    if (v > m->verdict[mode]) m->verdict[mode] = v;
}

/* All values of a ModRM byte's register, with a register and with memory. */
static void meet_operands(uint8_t *bytes, unsigned at, unsigned mode)
{
    for (unsigned modrm = 0; modrm < 256; modrm++) {
        if (modrm < 0xc0 && (modrm & 0xc7) != 3) continue;
        bytes[at] = (uint8_t)modrm;
        meet(bytes, mode);
    }
}

static void meet_opcodes(const uint8_t *prefix, unsigned size, unsigned mode)
{
    static const uint8_t maps[][3] = { { 0 }, { 1, 0x0f }, { 2, 0x0f, 0x38 }, { 2, 0x0f, 0x3a } };
    for (unsigned map = 0; map < 4; map++)
        for (unsigned opcode = 0; opcode < 256; opcode++) {
            uint8_t bytes[16] = { 0 };
            unsigned at = size;
            memcpy(bytes, prefix, size);
            for (unsigned i = 0; i < maps[map][0]; i++) bytes[at++] = maps[map][1 + i];
            bytes[at++] = (uint8_t)opcode;
            /* What begins an encoding of later extensions, or another prefix, is no opcode here. */
            bool is_later = map == 0 && (opcode == 0xc4 || opcode == 0xc5 || opcode == 0x62);
            if (!is_later || mode) meet_operands(bytes, at, mode);
        }
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct mnemonic *)a)->name, ((const struct mnemonic *)b)->name);
}

static void meet_all(void)
{
    static const uint8_t prefixes[][3] = {
        { 0 },       { 1, 0x66 },       { 1, 0xf2 },       { 1, 0xf3 },
        { 1, 0x48 }, { 2, 0x66, 0x48 }, { 2, 0xf2, 0x48 }, { 2, 0xf3, 0x48 },
        { 1, 0x67 }
    };
    if (count) return;
    for (unsigned mode = 0; mode < MODES; mode++)
        for (unsigned p = 0; p < sizeof prefixes / sizeof *prefixes; p++)
            meet_opcodes(prefixes[p] + 1, prefixes[p][0], mode);
    qsort(all, count, sizeof *all, by_name);
}

/* --- the page --------------------------------------------------------------------------------------- */

__attribute__((format(printf, 1, 2))) static void print(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    length += (size_t)vsnprintf(page + length, PAGE - length, format, arguments);
    va_end(arguments);
    assert_true(length < PAGE);
}

static bool is_executed(const struct mnemonic *m)
{
    return m->verdict[0] == EXECUTED || m->verdict[1] == EXECUTED;
}

static void print_refused(enum verdict verdict)
{
    const char *separator = "";
    for (unsigned i = 0; i < count; i++) {
        const struct mnemonic *m = &all[i];
        enum verdict best = m->verdict[0] > m->verdict[1] ? m->verdict[0] : m->verdict[1];
        if (best == verdict) print("%s%s", separator, m->name);
        if (best == verdict) separator = ", ";
    }
    print("\n");
}

static void print_page(void)
{
    static const char *const words[] = { "", "#UD", "#GP", "yes" };
    unsigned executed = 0, tested = 0;
    meet_all();
    for (unsigned i = 0; i < count; i++) executed += is_executed(&all[i]);
    for (unsigned i = 0; i < count; i++) tested += is_executed(&all[i]) && all[i].tested;
    length = 0;
    print(
        "# Instructions\n\nMade by `make docs` from what the decoder and the tables of "
        "`src/machine/` do with every opcode. %u mnemonics are\nexecuted, %u of them compared "
        "with the host's processor; the others by table tests and whole programs.\n\n"
        "*Against the host*: how often the random sequences of a plain `make test` execute it. "
        "Conditions are spelled as the\ndecoder does (`jnb` is JAE); MOVSD and CMPSD are "
        "both the string and the SSE instruction. RDFSBASE and its kin need a\nconfiguration that "
        "has them.\n\n"
        "| mnemonic | 64-bit mode | 32-bit code | against the host |\n| --- | --- | --- | ---: |\n",
        executed, tested);
    for (unsigned i = 0; i < count; i++) {
        const struct mnemonic *m = &all[i];
        if (!is_executed(m)) continue;
        print("| %s | %s | %s | ", m->name, words[m->verdict[0]], words[m->verdict[1]]);
        print(m->tested ? "%u |\n" : "|\n", m->tested);
    }
    print("\n## Refused with #GP: privileged\n\n");
    print_refused(PRIVILEGED);
    print("\n## Refused with #UD\n\nThat the decoder knows by name, but the modelled processor "
          "lacks; and everything encoded with VEX, EVEX or XOP.\n\n");
    print_refused(UNDEFINED);
}

static void take_count(const char *name, unsigned tested)
{
    struct mnemonic *m = find(name);
    if (m) m->tested = tested;
}

static void write_page(void)
{
    char name[64];
    unsigned tested;
    meet_all();
    while (scanf("%63s %u", name, &tested) == 2) take_count(name, tested);
    print_page();
    fputs(page, stdout);
}

static void the_list_of_instructions_is_what_the_tables_say(void **state)
{
    (void)state;
    static char there[PAGE];
    FILE *f = fopen("docs/instructions.md", "r");
    if (!f) skip(); /* run from elsewhere */
    size_t size = fread(there, 1, sizeof there - 1, f);
    there[size] = '\0';
    fclose(f);
    meet_all();
    for (const char *line = there; (line = strstr(line, "\n| ")); line++) {
        char name[64];
        const char *cell = line + 2;
        for (unsigned i = 0; i < 3 && cell; i++) cell = strchr(cell + 1, '|');
        if (cell && sscanf(line, "\n| %63s", name) == 1)
            take_count(name, (unsigned)strtoul(cell + 1, NULL, 10));
    }
    print_page();
    if (strcmp(page, there) != 0) fail_msg("docs/instructions.md is out of date: make docs");
}

static void what_every_compiler_emits_is_executed(void **state)
{
    (void)state;
    static const char *const names[] = { "mov",    "lea",   "cmovz",   "setnz", "imul",
                                         "idiv",   "bswap", "jz",      "nop",   "shld",
                                         "popcnt", "mulsd", "cvtsi2sd" };
    meet_all();
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++) {
        const struct mnemonic *m = find(names[i]);
        if (!m || m->verdict[0] != EXECUTED) fail_msg("%s", names[i]);
    }
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "--write") == 0) {
        write_page();
        return 0;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_list_of_instructions_is_what_the_tables_say),
        cmocka_unit_test(what_every_compiler_emits_is_executed),
    };
    return cmocka_run_group_tests_name("list of instructions", tests, NULL, NULL);
}
