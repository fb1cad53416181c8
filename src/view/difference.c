/* SPDX-License-Identifier: BSD-2-Clause */
/* In what two machines differ, in a few lines: who runs, threads and their registers, endpoints, slots,
 * words of memory. */
#include "view/difference.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "view/internal.h"
#include "world/names.h"

enum { ROOTS_MAX = 256, FRAMES_MAX = 8192, REGISTERS_SHOWN = 2, WORDS_SHOWN = 4 };

/* Memory that a capability names; its address where it is mapped, else 0. */
struct frame {
    paddr_t at, size;
    word_t address;
};

struct difference {
    const struct view *v;
    const struct world *w[2];
    unsigned lines, left_out; /* that may still be said; that were not */
    unsigned words;           /* of memory, said */
    unsigned cnodes, frames;
    paddr_t cnode[ROOTS_MAX]; /* looked through */
    struct frame frame[FRAMES_MAX];
};

__attribute__((format(printf, 2, 3))) static void tell(struct difference *d, const char *format,
                                                       ...)
{
    char text[2 * TEXT_SIZE];
    va_list args;
    if (d->lines == 0) {
        d->left_out++;
        return;
    }
    d->lines--;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    view_line(d->v, "    %s", text);
}

/* ---- threads ---- */

static bool has_thread(const struct world *w, paddr_t tcb)
{
    paddr_t t = threads_next(w, 0);
    while (t && t != tcb) t = threads_next(w, t);
    return t != 0;
}

static void name_in(const struct world *w, paddr_t tcb, char name[48])
{
    const char *raw = tcb && has_thread(w, tcb) ? thread_name(w, tcb) : NULL;
    if (raw)
        text_sanitise(name, 48, raw, strnlen(raw, TCB_NAME_SIZE));
    else
        snprintf(name, 48, "%s", "nobody");
}

static void tell_current(struct difference *d)
{
    char name[2][48];
    paddr_t current[2];
    for (unsigned n = 0; n < 2; n++) {
        current[n] = kernel_at(d->w[n])->current;
        name_in(d->w[n], current[n], name[n]);
    }
    if (current[0] != current[1]) tell(d, "who runs: %s | %s", name[0], name[1]);
}

/* In the order of the context; NULL: words that the kernel keeps beside, and what every entry changes. */
static const char *const register_word[CTX_COUNT] = {
    [CTX_RDI] = "rdi", [CTX_RSI] = "rsi", [CTX_RAX] = "rax",         [CTX_RBX] = "rbx",
    [CTX_RBP] = "rbp", [CTX_R12] = "r12", [CTX_R13] = "r13",         [CTX_R14] = "r14",
    [CTX_RDX] = "rdx", [CTX_R10] = "r10", [CTX_R8] = "r8",           [CTX_R9] = "r9",
    [CTX_R15] = "r15", [CTX_RSP] = "rsp", [CTX_FLAGS] = "rflags",    [CTX_NEXT_IP] = "rip",
    [CTX_R11] = "r11", [CTX_RCX] = "rcx", [CTX_FS_BASE] = "fs_base", [CTX_GS_BASE] = "gs_base",
};

static bool register_differs(const struct difference *d, paddr_t tcb, enum context_reg reg)
{
    return register_word[reg] &&
           thread_register(d->w[0], tcb, reg) != thread_register(d->w[1], tcb, reg);
}

/* A line each for the first ones; the others are named in the last of them. */
static void tell_registers(struct difference *d, paddr_t tcb, const char *name)
{
    unsigned count = 0, shown = 0;
    for (enum context_reg reg = 0; reg < CTX_COUNT; reg++) count += register_differs(d, tcb, reg);
    for (enum context_reg reg = 0; reg < CTX_COUNT && shown < REGISTERS_SHOWN; reg++) {
        char more[32] = "";
        if (!register_differs(d, tcb, reg)) continue;
        if (++shown == REGISTERS_SHOWN && count > shown)
            snprintf(more, sizeof more, ", and %u more", count - shown);
        tell(d, "%s's %s: 0x%" PRIx64 " | 0x%" PRIx64 "%s", name, register_word[reg],
             thread_register(d->w[0], tcb, reg), thread_register(d->w[1], tcb, reg), more);
    }
}

static void tell_thread(struct difference *d, paddr_t tcb)
{
    const struct tcb *t[2] = { tcb_at(d->w[0], tcb), tcb_at(d->w[1], tcb) };
    char name[48];
    name_in(d->w[0], tcb, name);
    if (t[0]->state != t[1]->state)
        tell(d, "%s: %s | %s", name, tcb_state_name(t[0]->state), tcb_state_name(t[1]->state));
    if (t[0]->priority != t[1]->priority)
        tell(d, "%s: priority %" PRIu64 " | %" PRIu64, name, (uint64_t)t[0]->priority,
             (uint64_t)t[1]->priority);
    if (tcb != kernel_at(d->w[0])->idle) tell_registers(d, tcb, name);
}

static void tell_threads(struct difference *d)
{
    char name[48];
    for (unsigned n = 0; n < 2; n++) {
        for (paddr_t tcb = threads_next(d->w[n], 0); tcb; tcb = threads_next(d->w[n], tcb)) {
            if (!has_thread(d->w[!n], tcb)) {
                name_in(d->w[n], tcb, name);
                tell(d, n ? "%s: not there | a thread" : "%s: a thread | not there", name);
            } else if (n == 0) {
                tell_thread(d, tcb);
            }
        }
    }
}

/* ---- slots, and what they name ---- */

static void cap_text(struct cap cap, char *text, size_t size)
{
    snprintf(text, size, "%s", cap_type(cap) == CAP_NULL ? "empty" : cap_type_name(cap_type(cap)));
    if (cap_type(cap) == CAP_ENDPOINT && cap_endpoint_badge(cap))
        text_add(text, size, " badge 0x%" PRIx64, (uint64_t)cap_endpoint_badge(cap));
    if (cap_type(cap) == CAP_NOTIFICATION && cap_notification_badge(cap))
        text_add(text, size, " badge 0x%" PRIx64, (uint64_t)cap_notification_badge(cap));
}

static void slot_text(const struct difference *d, paddr_t cnode, paddr_t slot, char *text,
                      size_t size)
{
    const char *name = name_of_slot(d->w[0], slot);
    if (!name) name = name_of_slot(d->w[1], slot);
    if (name) {
        snprintf(text, size, "%s", name);
        return;
    }
    char owner[48] = "a CNode";
    for (unsigned n = 2; n-- > 0;)
        for (paddr_t t = threads_next(d->w[n], 0); t; t = threads_next(d->w[n], t))
            if (cap_type(thread_cspace(d->w[n], t)) == CAP_CNODE &&
                cap_object(thread_cspace(d->w[n], t)) == cnode)
                name_in(d->w[n], t, owner);
    snprintf(text, size, "slot %" PRIu64 " of %s", (uint64_t)((slot - cnode) >> SLOT_BITS), owner);
}

static void frames_add(struct difference *d, struct cap cap)
{
    if (cap_type(cap) != CAP_FRAME || cap_frame_is_device(cap) || d->frames == FRAMES_MAX) return;
    paddr_t size = (paddr_t)1 << frame_size_bits(cap);
    word_t address = cap_frame_is_mapped(cap) ? cap_frame_address(cap) : 0;
    for (unsigned i = d->frames; i-- > 0 && i + 64 > d->frames;)
        if (d->frame[i].at == cap_object(cap)) return;
    d->frame[d->frames++] = (struct frame){ cap_object(cap), size, address };
}

/* The queue of an endpoint, and what a notification keeps. */
static void tell_object(struct difference *d, struct cap cap, const char *name)
{
    paddr_t object = cap_object(cap);
    char head[2][48];
    if (cap_type(cap) == CAP_ENDPOINT) {
        for (unsigned n = 0; n < 2; n++) name_in(d->w[n], queue_next(d->w[n], cap, 0), head[n]);
        if (strcmp(head[0], head[1]) != 0)
            tell(d, "%s, first in line: %s | %s", name, head[0], head[1]);
    } else if (cap_type(cap) == CAP_NOTIFICATION) {
        word_t word[2] = { notification_at(d->w[0], object)->badge,
                           notification_at(d->w[1], object)->badge };
        if (word[0] != word[1])
            tell(d, "%s: word 0x%" PRIx64 " | 0x%" PRIx64, name, word[0], word[1]);
    }
}

static void tell_slot(struct difference *d, paddr_t cnode, paddr_t slot)
{
    struct cap cap[2] = { cte_at(d->w[0], slot)->cap, cte_at(d->w[1], slot)->cap };
    char name[96], what[2][64];
    bool same = memcmp(&cap[0], &cap[1], sizeof cap[0]) == 0;
    if (same && cap_type(cap[0]) == CAP_NULL) return;
    slot_text(d, cnode, slot, name, sizeof name);
    if (same) {
        frames_add(d, cap[0]);
        tell_object(d, cap[0], name);
        return;
    }
    for (unsigned n = 0; n < 2; n++) cap_text(cap[n], what[n], sizeof what[n]);
    if (strcmp(what[0], what[1]) == 0)
        tell(d, "%s: another %s", name, what[0]);
    else
        tell(d, "%s: %s | %s", name, what[0], what[1]);
}

/* Each CNode once. */
static bool is_new_cnode(struct difference *d, struct cap cap)
{
    if (cap_type(cap) != CAP_CNODE || d->cnodes == ROOTS_MAX) return false;
    for (unsigned i = 0; i < d->cnodes; i++)
        if (d->cnode[i] == cap_object(cap)) return false;
    d->cnode[d->cnodes++] = cap_object(cap);
    return true;
}

/* Of CSpaces that a thread has in both: a new one shows by the slot that names it. */
static void tell_slots(struct difference *d)
{
    for (paddr_t t = threads_next(d->w[0], 0); t; t = threads_next(d->w[0], t)) {
        if (!has_thread(d->w[1], t)) continue;
        struct cap one = thread_cspace(d->w[0], t), other = thread_cspace(d->w[1], t);
        bool same = cap_type(other) == CAP_CNODE && cap_type(one) == CAP_CNODE &&
                    cap_object(one) == cap_object(other);
        if (!same || !is_new_cnode(d, one)) continue;
        for (unsigned i = 0; i < cnode_slot_count(one); i++) {
            paddr_t slot = cap_object(one) + ((paddr_t)i << SLOT_BITS);
            if (memory_holds(d->w[0], slot, sizeof(struct cte)))
                tell_slot(d, cap_object(one), slot);
        }
    }
}

/* ---- memory ---- */

/* Words of frames that some slot names, in pages that differ. */
static void tell_frame(struct difference *d, const struct frame *f)
{
    for (paddr_t at = f->at; at < f->at + f->size && d->words < WORDS_SHOWN; at += sizeof(word_t)) {
        word_t word[2];
        if (!memory_holds(d->w[0], at, sizeof(word_t))) return;
        if (at % PAGE_SIZE == 0 &&
            memcmp(memory_at(d->w[0], at), memory_at(d->w[1], at), PAGE_SIZE) == 0) {
            at += PAGE_SIZE - sizeof(word_t);
            continue;
        }
        for (unsigned n = 0; n < 2; n++) memcpy(&word[n], memory_at(d->w[n], at), sizeof word[n]);
        if (word[0] == word[1]) continue;
        d->words++;
        if (f->address)
            tell(d, "memory at 0x%" PRIx64 ": 0x%" PRIx64 " | 0x%" PRIx64,
                 f->address + (at - f->at), word[0], word[1]);
        else
            tell(d, "memory at physical 0x%" PRIx64 ": 0x%" PRIx64 " | 0x%" PRIx64, at, word[0],
                 word[1]);
    }
}

void view_difference(const struct view *v, const struct world *a, const struct world *b,
                     unsigned lines)
{
    struct difference *d = calloc(1, sizeof *d);
    if (!d) return;
    *d = (struct difference){ .v = v, .w = { a, b }, .lines = lines - 1 };
    tell_current(d);
    tell_threads(d);
    tell_slots(d);
    for (unsigned i = 0; i < d->frames && d->words < WORDS_SHOWN; i++) tell_frame(d, &d->frame[i]);
    if (d->left_out)
        view_line(v, "    and %u more", d->left_out);
    else if (d->lines == lines - 1)
        view_line(v, "    in what the kernel keeps for itself: its clock, its lists");
    free(d);
}
