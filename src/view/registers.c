/* SPDX-License-Identifier: BSD-2-Clause */
/* A thread's registers: the live ones of the thread that runs, else the saved context, with a mark at
 * those that the last save left stale. */
#include <inttypes.h>
#include <string.h>

#include "view/internal.h"

struct shown_register {
    const char *name;
    enum context_reg reg;
};

static const struct shown_register shown[] = {
    { "rip", CTX_NEXT_IP }, { "rsp", CTX_RSP },    { "rbp", CTX_RBP },    { "rax", CTX_RAX },
    { "rbx", CTX_RBX },     { "rcx", CTX_RCX },    { "rdx", CTX_RDX },    { "rsi", CTX_RSI },
    { "rdi", CTX_RDI },     { "r8", CTX_R8 },      { "r9", CTX_R9 },      { "r10", CTX_R10 },
    { "r11", CTX_R11 },     { "r12", CTX_R12 },    { "r13", CTX_R13 },    { "r14", CTX_R14 },
    { "r15", CTX_R15 },     { "fs", CTX_FS_BASE }, { "gs", CTX_GS_BASE },
};

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

static word_t shown_value(const struct world *w, paddr_t tcb, enum context_reg reg)
{
    return reg == CTX_NEXT_IP ? thread_next_ip(w, tcb) : thread_register(w, tcb, reg);
}

void view_registers(const struct view *v, paddr_t tcb)
{
    const struct world *w = view_world(v);
    char line[TEXT_SIZE] = "", flags[48];
    unsigned per_line = v->width >= 120 ? 5 : 3, on_line = 0;
    bool stale = false;
    for (size_t i = 0; i < sizeof shown / sizeof shown[0]; i++) {
        word_t value = shown_value(w, tcb, shown[i].reg);
        bool is = is_stale(w, tcb, shown[i].reg);
        stale |= is;
        text_add(line, sizeof line, "  %-3s %#-18" PRIx64 "%c", shown[i].name, value,
                 is ? '~' : ' ');
        if (++on_line < per_line) continue;
        view_line(v, "%s", line);
        line[0] = '\0';
        on_line = 0;
    }
    if (on_line) view_line(v, "%s", line);
    word_t rflags = thread_register(w, tcb, CTX_FLAGS);
    flags_text(rflags, flags, sizeof flags);
    view_line(v, "  flags 0x%" PRIx64 "  (%s)", rflags, flags);
    if (stale) view_line(v, "  ~ stale: a system call saves neither rsp nor rcx nor r11");
}
