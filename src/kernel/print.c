/* SPDX-License-Identifier: BSD-2-Clause */
/* What the real kernel writes on the serial line, to the letter but for source line numbers (0
 * here) and colours. Each print is one event; the line's end is in the text. Costs nothing when
 * nobody listens.
 * seL4: src/machine/io.c, include/api/types.h userError, include/api/debug.h. */
#include "kernel/internal.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

enum { PRINT_SIZE = 2048 /* a thread's name and a sentence around it */ };

static void print_text(const struct world *w, const char *text)
{
    struct event e = { .kind = EVENT_KERNEL_PRINT, .thread = kernel_at(w)->current, .text = text };
    w->hear(w->listener, &e);
}

/* Whether anybody hears prints. */
static bool prints(const struct world *w)
{
    return w->hear && !(w->deaf >> EVENT_KERNEL_PRINT & 1) && kernel_config(w)->printing;
}

void kernel_print(const struct world *w, const char *format, ...)
{
    if (!prints(w)) return;
    char text[PRINT_SIZE];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    print_text(w, text);
}

/* SIMPLIFIED: the source line number in the kernel's messages is 0. */
static void user_error_text(const struct world *w, const char *where, const char *message)
{
    paddr_t current = kernel_at(w)->current;
    kernel_print(w, "<<seL4(CPU 0) [%s/0 T%#" PRIx64 " \"%s\" @%" PRIx64 "]: %s>>\n", where,
                 kernel_pointer(current),
                 kernel_config(w)->debug_build ? tcb_debug_at(w, current)->name : "",
                 tcb_reg(w, current, CTX_FAULT_IP), message);
}

void user_error(const struct world *w, const char *where, const char *format, ...)
{
    if (!prints(w)) return;
    char message[PRINT_SIZE / 2];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    user_error_text(w, where, message);
}

void refusal_print(const struct world *w, const struct refusal *r)
{
    if (!prints(w)) return;
    if (r->first_text) user_error_text(w, r->first_where, r->first_text);
    if (!r->text) return;
    char message[PRINT_SIZE / 2];
    snprintf(message, sizeof message, r->text, r->text_word[0], r->text_word[1], r->text_word[2],
             r->text_word[3]);
    user_error_text(w, r->where, message);
}

/* ---- the scheduler dump ---- */

static void print_tcb(const struct world *w, paddr_t tcb)
{
    const struct tcb *t = tcb_at(w, tcb);
    char ip[24];
    snprintf(ip, sizeof ip, "%#" PRIx64, t->context[CTX_FAULT_IP]);
    kernel_print(w, "%-40s   %-16s   %-18s   %4u", tcb_debug_at(w, tcb)->name,
                 tcb_state_name(t->state), ip, t->priority);
    if (kernel_config(w)->num_domains > 1) kernel_print(w, "   %4u", t->domain);
    if (kernel_config(w)->mcs) kernel_print(w, "   %-14s", t->in_release_queue ? "yes" : "no");
    kernel_print(w, "\n");
}

void print_scheduler(const struct world *w)
{
    if (!prints(w) || !kernel_config(w)->debug_build) return;
    bool domains = kernel_config(w)->num_domains > 1, mcs = kernel_config(w)->mcs;
    kernel_print(w, "Dumping all tcbs!\n");
    kernel_print(w, "%-40s   %-16s   %-18s   %-4s", "Name", "State", "IP", "Prio");
    if (domains) kernel_print(w, "   %4s", "Dom");
    if (mcs) kernel_print(w, "   %-14s", "InReleaseQueue");
    kernel_print(
        w, "\n%s%s%s\n",
        "----------------------------------------------------------------------------------------",
        domains ? "-------" : "", mcs ? "-----------------" : "");
    for (paddr_t tcb = kernel_at(w)->debug_tcbs; tcb; tcb = tcb_debug_at(w, tcb)->next)
        print_tcb(w, tcb);
}
