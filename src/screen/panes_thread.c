/* SPDX-License-Identifier: BSD-2-Clause */
/* One thread from inside: its registers and its code. */
#include <inttypes.h>
#include <string.h>

#include "screen/pane.h"
#include "world/path.h"

/* ---- Registers ---- */

/* clang-format off */
static const struct {
    const char *name;
    enum context_reg saved;
} shown[] = {
    { "rip", CTX_NEXT_IP }, { "rsp", CTX_RSP },
    { "rax", CTX_RAX }, { "rbp", CTX_RBP },
    { "rbx", CTX_RBX }, { "rcx", CTX_RCX },
    { "rdx", CTX_RDX }, { "rsi", CTX_RSI },
    { "rdi", CTX_RDI }, { "r8",  CTX_R8 },
    { "r9",  CTX_R9 }, { "r10", CTX_R10 },
    { "r11", CTX_R11 }, { "r12", CTX_R12 },
    { "r13", CTX_R13 }, { "r14", CTX_R14 },
    { "r15", CTX_R15 },
};
/* clang-format on */
enum { REGISTERS = sizeof shown / sizeof shown[0], REGISTER_WIDTH = 16, EIGHT = 9 };

static word_t register_now(const struct scene *scene, unsigned i)
{
    if (shown[i].saved == CTX_NEXT_IP) return thread_next_ip(scene->world, scene->chosen);
    return thread_register(scene->world, scene->chosen, shown[i].saved);
}

enum context_reg scene_context(unsigned i)
{
    return shown[i < REGISTERS ? i : 0].saved;
}

word_t scene_register(const struct scene *scene, unsigned i, const char **name)
{
    if (i >= REGISTERS) i = 0;
    *name = shown[i].name;
    return register_now(scene, i);
}

static word_t register_before(const struct scene *scene, unsigned i)
{
    const struct session *s = scene->session;
    const word_t *current = session_before(s, ARENA_KERNEL + offsetof(struct kernel, current));
    const struct cpu *cpu = session_before(s, ARENA_MACHINE);
    unsigned live = context_live[shown[i].saved];
    if (*current == scene->chosen) return live == REG_COUNT ? cpu->rip : cpu->reg[live];
    const struct tcb *t = session_before(s, ARENA_MEMORY + scene->chosen);
    return t->context[shown[i].saved == CTX_NEXT_IP ? thread_goes_on_at(t) : shown[i].saved];
}

void registers_title(const struct scene *scene, char *text, size_t size)
{
    title_of_chosen(scene, "registers", text, size);
}

/* A name of three letters, a value, a mark. */
static int register_text(const struct scene *scene, unsigned i, const char *name, char *text,
                         size_t size)
{
    word_t value = register_now(scene, i);
    const char *mark = value != register_before(scene, i) ? "*" : "";
    bool negative = value > (word_t)-0x1000; /* the number of a system call */
    int n = negative ? snprintf(text, size, "%-3s -%" PRIu64 "%s", name, -value, mark)
                     : snprintf(text, size, "%-3s 0x%" PRIx64 "%s", name, value, mark);
    return n;
}

/* As many as have room for the longest value; two where there is some. */
static int registers_columns(const struct scene *scene, int width)
{
    char text[48];
    int longest = REGISTER_WIDTH - 3;
    for (unsigned i = 0; i < REGISTERS; i++) {
        int n = register_text(scene, i, shown[i].name, text, sizeof text);
        if (n > longest) longest = n;
    }
    int columns = (width - 1) / (longest + 2), least = width >= 2 * REGISTER_WIDTH - 2 ? 2 : 1;
    return columns < least ? least : columns > 4 ? 4 : columns;
}

/* "flags 0x10202 (RF IF)" */
static void flags_text(word_t flags, char *text, size_t size)
{
    static const struct {
        unsigned bit;
        const char *name;
    } names[] = { { 16, "RF" }, { 11, "OF" }, { 10, "DF" }, { 9, "IF" }, { 8, "TF" },
                  { 7, "SF" },  { 6, "ZF" },  { 4, "AF" },  { 2, "PF" }, { 0, "CF" } };
    snprintf(text, size, "flags 0x%" PRIx64 " (", flags);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (flags >> names[i].bit & 1)
            text_add(text, size, "%s%s", text[strlen(text) - 1] == '(' ? "" : " ", names[i].name);
    text_add(text, size, ")");
}

/* Whether r8 to r15 hold one value and did before: they are one cell then. */
static bool eight_are_one(const struct scene *scene)
{
    for (unsigned i = EIGHT; i < REGISTERS; i++)
        if (register_now(scene, i) != register_now(scene, EIGHT) ||
            register_before(scene, i) != register_now(scene, EIGHT))
            return false;
    return true;
}

static void register_cell(const struct scene *scene, struct sheet *s, int row, int x, int cell,
                          unsigned i, const char *name)
{
    char text[48];
    int n = register_text(scene, i, name, text, sizeof text);
    bool changed = text[n - 1] == '*';
    sheet_cell(s, x, row, cell - 1, changed ? LOOK_CHANGED : LOOK_PLAIN, text);
    sheet_spot(s, row, x, n < cell - 1 ? n : cell - 2, (struct target){ TARGET_REGISTER, i });
}

void registers_draw(const struct scene *scene, struct sheet *s)
{
    char flags[80];
    int columns = registers_columns(scene, s->area.width);
    int cell = columns > 1 ? (s->area.width - 1) / columns : s->area.width;
    bool one = eight_are_one(scene);
    int count = one ? EIGHT + 1 : REGISTERS, rows = (count + columns - 1) / columns;
    for (int i = 0; i < count; i++)
        register_cell(scene, s, i / columns, 1 + i % columns * cell, cell, (unsigned)i,
                      one && i == EIGHT ? "r8-r15" : shown[i].name);
    flags_text(thread_register(scene->world, scene->chosen, CTX_FLAGS), flags, sizeof flags);
    sheet_text(s, 1, rows, LOOK_PLAIN, flags);
}

/* ---- Code ---- */

void code_title(const struct scene *scene, char *text, size_t size)
{
    struct code_facts c;
    title_of_chosen(scene, "code", text, size);
    word_t ip = thread_next_ip(scene->world, scene->chosen);
    if (!code_facts(scene->session, scene->chosen, ip, &c) || !c.path) return;
    text_add(text, size, ": ");
    const char *base = path_name(c.path);
    text_sanitise(text + strlen(text), size - strlen(text), base, strnlen(base, 40));
}

/* Where what was typed for a thread ends; 0: it runs a program. */
static word_t typed_end(const struct scene *scene)
{
    const struct world_state *state = world_state_at(scene->world);
    if (!hand_drives(scene->world, scene->chosen)) return 0;
    for (word_t i = 0; i < state->hands_used && i < HANDS_MAX; i++)
        if (state->hands[i].tcb == scene->chosen) return HAND_PAGE + state->hands[i].code_length;
    return 0;
}

static void code_row(struct sheet *s, int row, const struct code_facts *c)
{
    enum look look = c->mark == '>' ? LOOK_RUNS : c->mark == '!' ? LOOK_FAULT : LOOK_PLAIN;
    sheet_print(s, 1, row, look, "%c%c 0x%-10" PRIx64 " %s", c->breakpoint ? 'b' : ' ', c->mark,
                c->address, c->text);
    sheet_spot(s, row, 1, s->area.width - 3, (struct target){ TARGET_CODE, c->address });
}

/* Instructions from an address on, each C line before the first of its own. */
static void code_rows(const struct scene *scene, struct sheet *s, word_t at, unsigned count)
{
    struct code_facts c, before = { .path = NULL };
    char text[TEXT_SIZE * 2];
    int row = 0;
    for (unsigned i = 0; i < count; i++, at += c.length) {
        if (!code_facts(scene->session, scene->chosen, at, &c)) {
            sheet_print(s, 1, row, LOOK_PLAIN, "0x%" PRIx64 " is not mapped", at);
            return;
        }
        if (c.path && !code_same_line(&c, &before)) {
            code_source(&c, text, sizeof text);
            const char *source = strstr(text, "  ");
            sheet_print(s, 1, row++, LOOK_TITLE, "%u  %s", c.line,
                        source ? source + strspn(source, " ") : "");
        }
        before = c;
        code_row(s, row++, &c);
    }
}

void code_draw(const struct scene *scene, struct sheet *s)
{
    enum { INSTRUCTIONS = 40, BEFORE = 2 };
    word_t end = typed_end(scene), ip = thread_next_ip(scene->world, scene->chosen);
    if (!end) {
        word_t from = code_before(scene->session, scene->chosen, ip, BEFORE);
        code_rows(scene, s, from, INSTRUCTIONS);
    } else if (ip < end) {
        code_rows(scene, s, ip, 1);
    } else {
        sheet_wrap(s, 0, LOOK_PLAIN, "driven by hand: nothing is typed that is still to run");
    }
}
