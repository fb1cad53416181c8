/* SPDX-License-Identifier: BSD-2-Clause */
/* Faults: a message made in a thread's name to its handler, and what the handler's answer writes
 * back. The layouts are rows of tables/faults.def; the copies are loops.
 * seL4: src/kernel/faulthandler.c, src/api/faults.c, src/arch/x86/api/faults.c. */
#include "kernel/internal.h"

#include <inttypes.h>
#include <stdio.h>

/* ---- to the handler ---- */

/* The real kernel's words for a fault. */
void fault_message_text(const struct world *w, const struct fault *f, paddr_t tcb, char *text,
                        size_t size)
{
    (void)w, (void)tcb;
    switch (f->kind) {
    case FAULT_NONE: snprintf(text, size, "null fault"); break;
    case FAULT_CAP:
        snprintf(text, size, "cap fault in %s phase at address %#" PRIx64,
                 f->word[1] ? "receive" : "send", f->word[0]);
        break;
    case FAULT_VM:
        snprintf(text, size, "vm fault on %s at address %#" PRIx64 " with status %#" PRIx64,
                 f->word[1] ? "code" : "data", f->word[0], f->word[2]);
        break;
    case FAULT_UNKNOWN_SYSCALL:
        snprintf(text, size, "unknown syscall %#" PRIx64, f->word[0]);
        break;
    case FAULT_USER_EXCEPTION:
        snprintf(text, size, "user exception %#" PRIx64 " code %#" PRIx64, f->word[0], f->word[1]);
        break;
    default: snprintf(text, size, "unknown fault"); break;
    }
}

/* The page tables know 48 bits of an address. */
static word_t sign_extended(word_t address)
{
    return (word_t)((int64_t)(address << 16) >> 16);
}

/* seL4: src/arch/x86/64/kernel/vspace.c Arch_userStackTrace. It looks where the address would be if it
 * were canonical. */
static void print_stack(const struct world *w, paddr_t tcb)
{
    enum { STACK_TRACE_LENGTH = 16 };
    struct cap vtable = cte_at(w, tcb_slot(tcb, TCB_VTABLE))->cap;
    word_t sp = tcb_reg(w, tcb, CTX_RSP);
    if (cap_type(vtable) != CAP_PML4) {
        kernel_print(w, "Invalid vspace\n");
        return;
    }
    if (sp % sizeof(word_t)) {
        kernel_print(w, "RSP not aligned\n");
        return;
    }
    for (unsigned i = 0; i < STACK_TRACE_LENGTH; i++) {
        word_t address = sp + i * sizeof(word_t);
        paddr_t at;
        if (vspace_translate(w, vtable, sign_extended(address), &at) &&
            memory_holds(w, at, sizeof(word_t))) {
            kernel_print(w, "0x%" PRIx64 ": 0x%" PRIx64 "\n", address, memory_word(w, at));
        } else {
            kernel_print(w, "0x%" PRIx64 ": INVALID\n", address);
        }
    }
}

static void print_unhandled(const struct world *w, paddr_t tcb, const struct fault *first,
                            const struct fault *second)
{
    char text[128];
    if (second) {
        fault_message_text(w, second, tcb, text, sizeof text);
        kernel_print(w, "Caught %s\nwhile trying to handle:\n", text);
    } else {
        kernel_print(w, "Found thread has no fault handler while trying to handle:\n");
    }
    fault_message_text(w, first, tcb, text, sizeof text);
    kernel_print(w, "%s", text);
    if (kernel_config(w)->debug_build)
        kernel_print(w, "\nin thread %#" PRIx64 " \"%s\" ", kernel_pointer(tcb),
                     tcb_debug_at(w, tcb)->name);
    kernel_print(w, "at address %#" PRIx64 "\n", tcb_reg(w, tcb, CTX_FAULT_IP));
    kernel_print(w, "With stack:\n");
    print_stack(w, tcb);
}

/* handleDoubleFault, with MCS handleNoFaultHandler: nobody can be told. */
static void give_up(struct world *w, paddr_t tcb, const struct fault *first,
                    const struct fault *second)
{
    event_emit(w, EVENT_DOUBLE_FAULT, tcb, first->kind, second ? second->kind : FAULT_NONE);
    if (w->hear) print_unhandled(w, tcb, first, second);
    tcb_set_state(w, tcb, TCB_INACTIVE);
}

static bool is_valid_handler(struct cap cap)
{
    return cap_type(cap) == CAP_ENDPOINT && cap_endpoint_can_send(cap) &&
           (cap_endpoint_can_grant(cap) || cap_endpoint_can_grant_reply(cap));
}

/* A fault is a call made for the thread. */
static void send_fault(struct world *w, paddr_t tcb, struct cap handler, const struct fault *fault,
                       struct lookup_failure failure)
{
    struct tcb *t = tcb_edit(w, tcb);
    t->fault = *fault;
    if (fault->kind == FAULT_CAP) t->lookup_failure = failure;
    endpoint_send(w, cap_object(handler), tcb,
                  (struct ipc_send){ .blocking = true,
                                     .call = true,
                                     .can_grant = cap_endpoint_can_grant(handler),
                                     .can_grant_reply = true,
                                     .badge = cap_endpoint_badge(handler) });
}

static void fault_handle_mcs(struct world *w, paddr_t tcb, struct fault *fault,
                             struct lookup_failure failure)
{
    struct cap handler = cte_at(w, tcb_slot(tcb, TCB_MCS_FAULT_HANDLER))->cap;
    if (is_valid_handler(handler)) {
        send_fault(w, tcb, handler, fault, failure);
    } else {
        give_up(w, tcb, fault, NULL);
    }
}

void fault_handle(struct world *w, paddr_t tcb, struct fault fault, struct lookup_failure failure)
{
    event_emit(w, EVENT_FAULT, tcb, fault.kind, fault.word[0], fault.word[1], fault.word[2],
               tcb_at(w, tcb)->context[CTX_FAULT_IP]);
    if (kernel_config(w)->mcs) {
        fault_handle_mcs(w, tcb, &fault, failure);
        return;
    }
    struct lookup_failure handler_failure;
    word_t cptr = tcb_at(w, tcb)->fault_handler;
    paddr_t slot = lookup_slot(w, tcb, cptr, &handler_failure);
    if (slot && is_valid_handler(cte_at(w, slot)->cap)) {
        send_fault(w, tcb, cte_at(w, slot)->cap, &fault, failure);
    } else {
        struct fault second = { .kind = FAULT_CAP, .word = { cptr, 0 } };
        give_up(w, tcb, &fault, &second);
    }
}

/* ---- the message ---- */

/* What a thread's registers hold comes first in a message, what a lookup failed of last.
 * Steps and software breaks have no address and no breakpoint to report. */
static unsigned message_words(const struct fault *f)
{
    enum { SINGLE_STEP = 2 };
    if (f->kind == FAULT_DEBUG_EXCEPTION && f->word[0] >= SINGLE_STEP) return 2;
    return FAULT_WORDS;
}

word_t fault_set_message(struct world *w, paddr_t sender, paddr_t receiver, paddr_t receive_buffer)
{
    const struct tcb *s = tcb_at(w, sender);
    const struct fault_word_desc *d = fault_table[s->fault.kind].word;
    unsigned words = message_words(&s->fault), count = 0;
    word_t word[FAULT_WORDS + 4];
    for (; count < words && d[count].from == CONTEXT; count++)
        word[count] = s->context[d[count].index];
    for (; count < words && d[count].from == FAULT_FIELD; count++)
        word[count] = s->fault.word[d[count].index];
    if (count < words && d[count].from == LOOKUP)
        count += lookup_failure_words(s->lookup_failure, &word[count]);
    return tcb_set_mrs(w, receiver, receive_buffer, word, count);
}

/* ---- the answer ---- */

static void write_back(struct world *w, paddr_t receiver, paddr_t sender, unsigned length)
{
    word_t kind = tcb_at(w, receiver)->fault.kind;
    const struct fault_word_desc *d = fault_table[kind].word;
    paddr_t buffer = length > MESSAGE_REGISTERS ? tcb_ipc_buffer(w, sender, false) : 0;
    if (!buffer && length > MESSAGE_REGISTERS) length = MESSAGE_REGISTERS;
    word_t *context = tcb_edit(w, receiver)->context;
    const word_t *in_registers = &tcb_at(w, sender)->context[CTX_MR0];
    const word_t *in_buffer = memory_at(w, buffer + sizeof(word_t));
    unsigned i, first = length < MESSAGE_REGISTERS ? length : MESSAGE_REGISTERS;
    for (i = 0; i < first && d[i].written_back; i++)
        context[d[i].index] = register_sanitise((enum context_reg)d[i].index, in_registers[i]);
    for (; i < length && d[i].written_back; i++)
        context[d[i].index] = register_sanitise((enum context_reg)d[i].index, in_buffer[i]);
    if (i) event_emit(w, EVENT_WRITE_BACK, sender, receiver, kind, i);
}

bool fault_take_reply(struct world *w, paddr_t receiver, paddr_t sender)
{
    word_t info = tcb_message_info(w, sender);
    switch (tcb_at(w, receiver)->fault.kind) {
    case FAULT_UNKNOWN_SYSCALL:
    case FAULT_USER_EXCEPTION:
        write_back(w, receiver, sender, (unsigned)message_length(info));
        return message_label(info) == 0;
    case FAULT_DEBUG_EXCEPTION: return breakpoint_take_reply(w, receiver, sender);
    case FAULT_TIMEOUT: return message_label(info) == 0;
    default: return true; /* capability and VM faults: label and words are ignored */
    }
}
