/* SPDX-License-Identifier: BSD-2-Clause */
/* A thread's registers: the live ones of the thread that runs, else the saved context, with a mark at
 * those that the last save left stale. What the last command's typing set is told apart from what its
 * instruction and the kernel changed. */
#include <inttypes.h>
#include <string.h>

#include "view/internal.h"

struct shown_register {
    const char *name;
    enum context_reg saved;
};

/* clang-format off */
static const struct shown_register shown[] = {
    { "rip", CTX_NEXT_IP }, { "rsp", CTX_RSP }, { "rbp", CTX_RBP },
    { "rax", CTX_RAX }, { "rbx", CTX_RBX }, { "rcx", CTX_RCX },
    { "rdx", CTX_RDX }, { "rsi", CTX_RSI }, { "rdi", CTX_RDI },
    { "r8",  CTX_R8 }, { "r9",  CTX_R9 }, { "r10", CTX_R10 },
    { "r11", CTX_R11 }, { "r12", CTX_R12 }, { "r13", CTX_R13 },
    { "r14", CTX_R14 }, { "r15", CTX_R15 },
};
/* clang-format on */

static void flags_text(word_t flags, char *text, size_t size)
{
    static const struct {
        word_t bit;
        const char *name;
    } flag[] = {
        { FLAG_RF, "RF" }, { FLAG_OF, "OF" }, { FLAG_DF, "DF" }, { FLAG_IF, "IF" },
        { FLAG_TF, "TF" }, { FLAG_SF, "SF" }, { FLAG_ZF, "ZF" }, { FLAG_AF, "AF" },
        { FLAG_PF, "PF" }, { FLAG_CF, "CF" },
    };
    text[0] = '\0';
    for (size_t i = 0; i < sizeof flag / sizeof flag[0]; i++)
        if (flags & flag[i].bit) text_add(text, size, "%s%s", *text ? " " : "", flag[i].name);
}

/* seL4: src/arch/x86/64/c_traps.c: an error word of -1 marks a context that the system call path saved,
 * which leaves these three as they were. */
static bool is_stale(const struct world *w, paddr_t tcb, enum context_reg reg)
{
    bool saved_by_syscall = tcb_at(w, tcb)->context[CTX_ERROR] == ~(word_t)0;
    return tcb != kernel_at(w)->current && saved_by_syscall &&
           (reg == CTX_RSP || reg == CTX_RCX || reg == CTX_R11);
}

static word_t value_now(const struct world *w, paddr_t tcb, const struct shown_register *r)
{
    return r->saved == CTX_NEXT_IP ? thread_next_ip(w, tcb) : thread_register(w, tcb, r->saved);
}

/* Where it stood before the last command: a thread's registers are live while it runs, else in its TCB. */
static uint64_t place_before(const struct session *s, paddr_t tcb, const struct shown_register *r)
{
    const word_t *current = session_before(s, ARENA_KERNEL + offsetof(struct kernel, current));
    const struct tcb *t = session_before(s, ARENA_MEMORY + tcb);
    enum context_reg saved = r->saved == CTX_NEXT_IP ? thread_goes_on_at(t) : r->saved;
    if (*current != tcb)
        return ARENA_MEMORY + tcb + offsetof(struct tcb, context) + saved * sizeof(word_t);
    unsigned live = context_live[r->saved];
    if (live == REG_COUNT) return ARENA_MACHINE + offsetof(struct cpu, rip);
    return ARENA_MACHINE + offsetof(struct cpu, reg) + live * sizeof(word_t);
}

static char register_mark(const struct session *s, paddr_t tcb, const struct shown_register *r)
{
    const struct world *w = session_world_at(s);
    uint64_t at = place_before(s, tcb, r);
    word_t now = value_now(w, tcb, r), before, typed;
    if (is_stale(w, tcb, r->saved)) return '~';
    memcpy(&before, session_before(s, at), sizeof before);
    if (now == before) return ' ';
    return session_typed(s, at, &typed) && typed == now ? '+' : '*';
}

static void cell_say(const struct view *v, const char *name, word_t value, char mark)
{
    char text[24];
    const char *word = mark == '*'   ? "changed"
                       : mark == '+' ? "set by typing it"
                       : mark == '~' ? "stale: not saved"
                                     : "";
    snprintf(text, sizeof text, "%#" PRIx64, value);
    const struct row_item items[] = { { name, text, NULL, 0, 0, false },
                                      { NULL, word, NULL, 0, 0, false } };
    view_row(v, LOOK_PLAIN, items, 2);
}

/* A register and its mark; the last of a line without the blanks behind it. */
static void cell_write(const struct view *v, const struct shown_register *r, word_t value,
                       char mark, bool last)
{
    if (v->plain) {
        cell_say(v, r->name, value, mark);
        return;
    }
    bool tints = v->colour && mark == '*';
    if (tints) look_begin(v->out, LOOK_CHANGED);
    if (last && mark == ' ')
        fprintf(v->out, "  %-3s %#" PRIx64, r->name, value);
    else
        fprintf(v->out, "  %-3s %#-18" PRIx64 "%c", r->name, value, mark);
    if (tints) look_end(v->out);
}

void view_registers(const struct view *v, paddr_t tcb)
{
    const struct world *w = view_world(v);
    char flags[48];
    unsigned per_line = v->width >= 120 ? 5 : 3, on_line = 0;
    bool stale = false, typed = false;
    for (size_t i = 0; i < sizeof shown / sizeof shown[0]; i++) {
        char mark = register_mark(v->session, tcb, &shown[i]);
        stale |= mark == '~';
        typed |= mark == '+';
        bool last = ++on_line == per_line || i + 1 == sizeof shown / sizeof shown[0];
        cell_write(v, &shown[i], value_now(w, tcb, &shown[i]), mark, last);
        if (!last) continue;
        if (!v->plain) fputc('\n', v->out);
        on_line = 0;
    }
    word_t rflags = thread_register(w, tcb, CTX_FLAGS);
    flags_text(rflags, flags, sizeof flags);
    if (v->plain) view_line(v, "flags: 0x%" PRIx64 ", %s", rflags, flags);
    for (int i = 0; v->plain && i < 2; i++)
        cell_say(v, i ? "gs" : "fs", thread_register(w, tcb, i ? CTX_GS_BASE : CTX_FS_BASE), ' ');
    if (v->plain) return;
    view_line(v, "  flags 0x%" PRIx64 " (%s)   fs 0x%" PRIx64 "   gs 0x%" PRIx64, rflags, flags,
              thread_register(w, tcb, CTX_FS_BASE), thread_register(w, tcb, CTX_GS_BASE));
    view_line(v, "  * changed by the last command%s%s", typed ? "   + set by typing it" : "",
              !stale  ? ""
              : typed ? "   ~ stale: not saved"
                      : "   ~ stale: a system call does not save it");
}
