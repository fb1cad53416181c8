/* SPDX-License-Identifier: BSD-2-Clause */
/* What a TCB is made of: its birth and end, the queues it stands in (ready, endpoint, the debug list
 * of all TCBs), its IPC buffer and message registers, the capability to answer a caller.
 * seL4: src/object/tcb.c, include/object/tcb.h, src/object/objecttype.c createObject. */
#include "kernel/internal.h"

#include <stdio.h>
#include <string.h>

/* ---- birth and end ---- */

static struct tcb_debug *debug_edit(struct world *w, paddr_t tcb)
{
    return (struct tcb_debug *)memory_edit(w, tcb_slot(tcb, TCB_SLOT_COUNT),
                                           sizeof(struct tcb_debug));
}

void tcb_set_name(struct world *w, paddr_t tcb, const char *name)
{
    struct tcb_debug *debug = debug_edit(w, tcb);
    size_t length = strnlen(name, TCB_NAME_SIZE - 1);
    memset(debug->name, 0, sizeof debug->name);
    memcpy(debug->name, name, length);
}

static void debug_list_prepend(struct world *w, paddr_t tcb)
{
    paddr_t next = kernel_at(w)->debug_tcbs;
    struct tcb_debug *debug = debug_edit(w, tcb);
    debug->prev = 0;
    debug->next = next;
    if (next) debug_edit(w, next)->prev = tcb;
    KERNEL_EDIT(w, debug_tcbs) = tcb;
}

static void debug_list_remove(struct world *w, paddr_t tcb)
{
    struct tcb_debug *debug = debug_edit(w, tcb);
    if (kernel_at(w)->debug_tcbs != tcb && !debug->prev) return; /* not in the list */
    if (debug->prev) {
        debug_edit(w, debug->prev)->next = debug->next;
    } else {
        KERNEL_EDIT(w, debug_tcbs) = debug->next;
    }
    if (debug->next) debug_edit(w, debug->next)->prev = debug->prev;
    debug->next = debug->prev = 0;
}

void tcb_create(struct world *w, paddr_t tcb)
{
    const struct kernel *k = kernel_at(w);
    context_init(w, tcb);
    tcb_edit(w, tcb)->time_slice = k->config.time_slice;
    tcb_edit(w, tcb)->domain = (uint8_t)k->domain;
    if (!k->config.debug_build) return;
    char name[TCB_NAME_SIZE + 16];
    const char *parent = k->current ? tcb_debug_at(w, k->current)->name : "";
    snprintf(name, sizeof name, "child of: '%.*s'", TCB_NAME_SIZE - 1, parent);
    tcb_set_name(w, tcb, name);
    debug_list_prepend(w, tcb);
}

void tcb_destroy(struct world *w, paddr_t tcb)
{
    notification_unbind_tcb(w, tcb);
    thread_suspend(w, tcb);
    if (kernel_config(w)->debug_build) debug_list_remove(w, tcb);
    fpu_release(w, tcb);
    kernel_pass_over(w, tcb, false);
}

/* ---- ready queues ---- */

_Static_assert((ARENA_KERNEL + offsetof(struct kernel, ready)) % sizeof(struct tcb_queue) == 0,
               "each queue lies in one page");

/* Marks one queue of the table only: the table is 64 KiB. */
static struct tcb_queue *ready_edit(struct world *w, unsigned domain, unsigned priority)
{
    uint64_t at = ARENA_KERNEL + offsetof(struct kernel, ready) +
                  (domain * PRIORITY_COUNT + priority) * sizeof(struct tcb_queue);
    return (struct tcb_queue *)arena_edit_within(w, at);
}

static void ready_bit_set(struct world *w, unsigned domain, unsigned priority)
{
    KERNEL_EDIT(w, ready_level1)[domain] |= (word_t)1 << priority / 64;
    KERNEL_EDIT(w, ready_level2)[domain][priority / 64] |= (word_t)1 << priority % 64;
}

static void ready_bit_clear(struct world *w, unsigned domain, unsigned priority)
{
    word_t *level2 = &KERNEL_EDIT(w, ready_level2)[domain][priority / 64];
    *level2 &= ~((word_t)1 << priority % 64);
    if (!*level2) KERNEL_EDIT(w, ready_level1)[domain] &= ~((word_t)1 << priority / 64);
}

void tcb_sched_enqueue(struct world *w, paddr_t tcb)
{
    if (tcb_at(w, tcb)->in_ready_queue) return;
    struct tcb *t = tcb_edit(w, tcb);
    struct tcb_queue *queue = ready_edit(w, t->domain, t->priority);
    t->sched_prev = 0;
    t->sched_next = queue->head;
    t->in_ready_queue = 1;
    if (queue->head) {
        tcb_edit(w, queue->head)->sched_prev = tcb;
    } else {
        queue->tail = tcb;
        ready_bit_set(w, t->domain, t->priority);
    }
    queue->head = tcb;
}

void tcb_sched_append(struct world *w, paddr_t tcb)
{
    if (tcb_at(w, tcb)->in_ready_queue) return;
    struct tcb *t = tcb_edit(w, tcb);
    struct tcb_queue *queue = ready_edit(w, t->domain, t->priority);
    t->sched_prev = queue->tail;
    t->sched_next = 0;
    t->in_ready_queue = 1;
    if (queue->tail) {
        tcb_edit(w, queue->tail)->sched_next = tcb;
    } else {
        queue->head = tcb;
        ready_bit_set(w, t->domain, t->priority);
    }
    queue->tail = tcb;
}

void tcb_sched_dequeue(struct world *w, paddr_t tcb)
{
    if (!tcb_at(w, tcb)->in_ready_queue) return;
    struct tcb *t = tcb_edit(w, tcb);
    struct tcb_queue *queue = ready_edit(w, t->domain, t->priority);
    if (t->sched_prev) {
        tcb_edit(w, t->sched_prev)->sched_next = t->sched_next;
    } else {
        queue->head = t->sched_next;
    }
    if (t->sched_next) {
        tcb_edit(w, t->sched_next)->sched_prev = t->sched_prev;
    } else {
        queue->tail = t->sched_prev;
    }
    t->sched_next = t->sched_prev = 0;
    t->in_ready_queue = 0;
    if (!queue->head) ready_bit_clear(w, t->domain, t->priority);
}

/* ---- IPC buffer and message registers ---- */

paddr_t tcb_buffer_slot(const struct world *w, paddr_t tcb)
{
    return tcb_slot(tcb, kernel_config(w)->mcs ? TCB_MCS_BUFFER : TCB_BUFFER);
}

/* seL4: src/arch/x86/kernel/vspace.c lookupIPCBuffer. */
paddr_t tcb_ipc_buffer(const struct world *w, paddr_t tcb, bool is_receiver)
{
    enum { READ_ONLY = 2, READ_WRITE = 3 };
    struct cap frame = cte_at(w, tcb_buffer_slot(w, tcb))->cap;
    if (cap_type(frame) != CAP_FRAME || cap_frame_is_device(frame)) return 0;
    word_t rights = cap_frame_vm_rights(frame);
    if (rights != READ_WRITE && (is_receiver || rights != READ_ONLY)) return 0;
    word_t offset = tcb_at(w, tcb)->ipc_buffer & CAP_MASK(frame_size_bits(frame));
    return cap_object(frame) + offset;
}

word_t tcb_get_mr(const struct world *w, paddr_t tcb, paddr_t buffer, unsigned i)
{
    if (i < MESSAGE_REGISTERS) return tcb_at(w, tcb)->context[CTX_MR0 + i];
    return buffer ? memory_word(w, buffer + (1 + i) * sizeof(word_t)) : 0;
}

unsigned tcb_set_mr(struct world *w, paddr_t tcb, paddr_t buffer, unsigned i, word_t value)
{
    if (i < MESSAGE_REGISTERS) {
        tcb_edit(w, tcb)->context[CTX_MR0 + i] = value;
    } else if (buffer) {
        memory_set_word(w, buffer + (1 + i) * sizeof(word_t), value);
    } else {
        return MESSAGE_REGISTERS;
    }
    return i + 1;
}

unsigned tcb_set_mrs(struct world *w, paddr_t tcb, paddr_t buffer, const word_t *word,
                     unsigned count)
{
    word_t *mr = &tcb_edit(w, tcb)->context[CTX_MR0];
    unsigned in_registers = count < MESSAGE_REGISTERS ? count : MESSAGE_REGISTERS;
    for (unsigned i = 0; i < in_registers; i++) mr[i] = word[i];
    if (count <= MESSAGE_REGISTERS || !buffer) return in_registers;
    size_t size = (count - MESSAGE_REGISTERS) * sizeof(word_t);
    memcpy(memory_edit(w, buffer + (1 + MESSAGE_REGISTERS) * sizeof(word_t), size),
           word + MESSAGE_REGISTERS, size);
    return count;
}

/* ---- the capability to answer a caller ---- */

void tcb_setup_caller_cap(struct world *w, paddr_t sender, paddr_t receiver, bool can_grant)
{
    /* With MCS the right to answer is a reply object, and these slots hold other things. */
    if (kernel_config(w)->mcs) {
        tcb_set_state(w, sender, TCB_INACTIVE);
        return;
    }
    tcb_set_state(w, sender, TCB_BLOCKED_ON_REPLY);
    INVARIANT(cap_type(cte_at(w, tcb_slot(receiver, TCB_CALLER))->cap) == CAP_NULL);
    struct cap reply = cap_new(CAP_REPLY);
    cap_reply_set_object(&reply, sender);
    cap_reply_set_can_grant(&reply, can_grant);
    slot_insert(w, reply, tcb_slot(sender, TCB_REPLY), tcb_slot(receiver, TCB_CALLER));
    event_emit(w, EVENT_REPLY_CAP, receiver, sender, receiver, can_grant);
}

void tcb_delete_caller_cap(struct world *w, paddr_t receiver)
{
    if (!kernel_config(w)->mcs) slot_delete_one(w, tcb_slot(receiver, TCB_CALLER));
}
