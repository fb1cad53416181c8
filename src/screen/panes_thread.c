/* SPDX-License-Identifier: BSD-2-Clause */
/* One thread from inside: registers, code, and the way through its CSpace. And what is text anyway:
 * the console, the lesson. */
#include <inttypes.h>
#include <string.h>

#include "screen/pane.h"

static void title_of(const struct scene *scene, const char *what, char *text, size_t size)
{
    char name[48];
    view_thread_name(scene->session, scene->chosen, name, sizeof name);
    snprintf(text, size, "%s of %s", what, name);
}

/* ---- Registers ---- */

/* clang-format off */
static const struct {
    const char *name;
    enum context_reg saved;
    enum reg live; /* REG_COUNT: RIP */
} shown[] = {
    { "rip", CTX_NEXT_IP, REG_COUNT }, { "rsp", CTX_RSP, REG_RSP },
    { "rax", CTX_RAX, REG_RAX }, { "rbp", CTX_RBP, REG_RBP },
    { "rbx", CTX_RBX, REG_RBX }, { "rcx", CTX_RCX, REG_RCX },
    { "rdx", CTX_RDX, REG_RDX }, { "rsi", CTX_RSI, REG_RSI },
    { "rdi", CTX_RDI, REG_RDI }, { "r8",  CTX_R8,  REG_R8  },
    { "r9",  CTX_R9,  REG_R9  }, { "r10", CTX_R10, REG_R10 },
    { "r11", CTX_R11, REG_R11 }, { "r12", CTX_R12, REG_R12 },
    { "r13", CTX_R13, REG_R13 }, { "r14", CTX_R14, REG_R14 },
    { "r15", CTX_R15, REG_R15 },
};
/* clang-format on */
enum { REGISTERS = sizeof shown / sizeof shown[0], REGISTER_WIDTH = 16 };

static word_t register_now(const struct scene *scene, unsigned i)
{
    if (shown[i].saved == CTX_NEXT_IP) return thread_next_ip(scene->world, scene->chosen);
    return thread_register(scene->world, scene->chosen, shown[i].saved);
}

static word_t register_before(const struct scene *scene, unsigned i)
{
    const struct session *s = scene->session;
    const word_t *current = session_before(s, ARENA_KERNEL + offsetof(struct kernel, current));
    const struct cpu *cpu = session_before(s, ARENA_MACHINE);
    if (*current == scene->chosen)
        return shown[i].live == REG_COUNT ? cpu->rip : cpu->reg[shown[i].live];
    const struct tcb *t = session_before(s, ARENA_MEMORY + scene->chosen);
    return t->context[shown[i].saved == CTX_NEXT_IP ? thread_goes_on_at(t) : shown[i].saved];
}

void registers_title(const struct scene *scene, char *text, size_t size)
{
    title_of(scene, "registers", text, size);
}

static int registers_columns(int width)
{
    return width >= 2 * REGISTER_WIDTH - 2 ? (width + 2) / REGISTER_WIDTH : 1;
}

int registers_want(const struct scene *scene, int width)
{
    (void)scene;
    int columns = registers_columns(width);
    return (REGISTERS + columns - 1) / columns + 1;
}

void registers_draw(const struct scene *scene, const struct area *a, int scroll)
{
    int columns = registers_columns(a->width), room = a->height - 1;
    int cell = columns > 1 ? (a->width + 1) / columns : a->width;
    for (unsigned i = 0; i < REGISTERS; i++) {
        int y = (int)i / columns - scroll, x = 1 + (int)i % columns * cell;
        if (y < 0 || y >= room) continue;
        word_t value = register_now(scene, i);
        bool changed = value != register_before(scene, i);
        struct area one = { a->grid, a->x + x, a->y + y, cell - 1, 1 };
        if (one.width > a->width - x) one.width = a->width - x;
        enum look look = changed ? LOOK_CHANGED : LOOK_PLAIN;
        area_print(&one, 0, 0, look, "%-3s 0x%" PRIx64 "%s", shown[i].name, value,
                   changed ? "*" : "");
    }
    bool more = (REGISTERS + columns - 1) / columns - scroll > room;
    area_print(a, 1, a->height - 1, LOOK_PLAIN, "flags 0x%" PRIx64 "%s",
               thread_register(scene->world, scene->chosen, CTX_FLAGS), more ? "   more ~" : "");
}

/* ---- Panes that are a view's text ---- */

static struct view view_on(const struct scene *scene, int width, struct prose *l)
{
    return (struct view){ .session = scene->session,
                          .out = prose_open(l),
                          .width = (unsigned)(width > 12 ? width : 12),
                          .ascii = scene->ascii };
}

static int prose_count(struct prose *l)
{
    int rows = (int)l->count;
    prose_free(l);
    return rows;
}

void code_title(const struct scene *scene, char *text, size_t size)
{
    title_of(scene, "code", text, size);
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

static void code_lines(const struct scene *scene, int width, struct prose *l)
{
    enum { INSTRUCTIONS = 10 };
    struct view v = view_on(scene, width, l);
    if (!v.out) return;
    word_t end = typed_end(scene), ip = thread_next_ip(scene->world, scene->chosen);
    if (!end) {
        view_disassemble(&v, scene->chosen, ip, INSTRUCTIONS);
    } else if (ip < end) {
        view_disassemble(&v, scene->chosen, ip, 1);
    } else {
        view_line(&v, "  driven by hand: nothing is typed that is still to run");
    }
    prose_close(l, v.out);
}

int code_want(const struct scene *scene, int width)
{
    struct prose l;
    code_lines(scene, width, &l);
    return prose_count(&l);
}

void code_draw(const struct scene *scene, const struct area *a, int scroll)
{
    struct prose l;
    code_lines(scene, a->width, &l);
    prose_draw(&l, a, scroll);
    prose_free(&l);
}

/* ---- CSpace: the last lookup there, or what lies in it ---- */

static const struct event *last_lookup(const struct scene *scene)
{
    const struct session *s = scene->session;
    size_t first = session_first_event(s);
    if (scene->shell->start > first) first = scene->shell->start;
    for (size_t i = session_event_count(s); i-- > first;) {
        const struct event *e = session_event(s, i);
        if (e->kind == EVENT_LOOKUP && e->thread == scene->chosen) return e;
    }
    return NULL;
}

void cspace_title(const struct scene *scene, char *text, size_t size)
{
    title_of(scene, last_lookup(scene) ? "last lookup in the CSpace" : "CSpace", text, size);
}

static void cspace_lines(const struct scene *scene, int width, struct prose *l)
{
    struct view v = view_on(scene, width, l);
    const struct event *e = last_lookup(scene);
    if (!v.out) return;
    word_t depth = e && e->arg[1] >= 1 && e->arg[1] <= 64 ? e->arg[1] : 64;
    struct cap cnode = thread_cspace(scene->world, scene->chosen);
    if (e) view_lookup(&v, scene->chosen, e->arg[0], (unsigned)depth);
    if (!e && cap_type(cnode) == CAP_CNODE) view_caps(&v, cnode, false);
    if (!e && cap_type(cnode) != CAP_CNODE) view_line(&v, "  it has none");
    prose_close(l, v.out);
}

int cspace_want(const struct scene *scene, int width)
{
    struct prose l;
    cspace_lines(scene, width, &l);
    return prose_count(&l);
}

void cspace_draw(const struct scene *scene, const struct area *a, int scroll)
{
    struct prose l;
    cspace_lines(scene, a->width, &l);
    prose_draw(&l, a, scroll);
    prose_free(&l);
}

/* ---- Console: the newest lines ---- */

enum { CONSOLE_SHOWN = 4096 };

void console_title(const struct scene *scene, char *text, size_t size)
{
    (void)scene;
    snprintf(text, size, "console");
}

static void console_lines(const struct scene *scene, struct prose *l)
{
    size_t length;
    const char *text = session_console(scene->session, &length);
    FILE *out = prose_open(l);
    if (!out) return;
    size_t from = length > CONSOLE_SHOWN ? length - CONSOLE_SHOWN : 0;
    if (length)
        view_sanitise(out, text + from, length - from);
    else
        fputs("(no thread has printed anything yet)", out);
    prose_close(l, out);
}

int console_want(const struct scene *scene, int width)
{
    struct prose l;
    (void)width;
    console_lines(scene, &l);
    return prose_count(&l);
}

void console_draw(const struct scene *scene, const struct area *a, int scroll)
{
    struct prose l;
    console_lines(scene, &l);
    int above = (int)l.count - a->height - scroll;
    prose_draw(&l, a, above > 0 ? above : 0);
    prose_free(&l);
}

/* ---- Lesson ---- */

void task_title(const struct scene *scene, char *text, size_t size)
{
    (void)scene;
    snprintf(text, size, "lesson");
}

static void lesson_text(const struct scene *scene, int width, struct prose *l)
{
    struct prose filled;
    FILE *out = prose_open(l);
    FILE *task = prose_open(&filled);
    if (out && task && scene->shell->lesson)
        lesson_task(scene->shell->lesson, task);
    else if (task)
        fputs("No lesson is open: `lesson 1` begins the first.", task);
    prose_close(&filled, task);
    for (size_t i = 0; out && i < filled.count; i++) {
        if (!*filled.line[i]) fputc('\n', out);
        size_t indent = strspn(filled.line[i], " ");
        text_wrap(out, filled.line[i] + indent, (unsigned)(width > 12 ? width : 12),
                  (unsigned)indent, (unsigned)indent, 9);
    }
    prose_free(&filled);
    prose_close(l, out);
}

int task_want(const struct scene *scene, int width)
{
    struct prose l;
    lesson_text(scene, width, &l);
    return prose_count(&l);
}

void task_draw(const struct scene *scene, const struct area *a, int scroll)
{
    struct prose l;
    lesson_text(scene, a->width, &l);
    prose_draw(&l, a, scroll);
    prose_free(&l);
}
