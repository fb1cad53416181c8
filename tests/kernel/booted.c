/* SPDX-License-Identifier: BSD-2-Clause */
#include "kernel/booted.h"

#include "world/world.h"

#include <stdlib.h>

bool booted_open(struct world *w, uint64_t memory_size, const struct kernel_config *config)
{
    const struct boot_image image = {
        .image_paddr = kernel_image_paddr(),
        .image_vaddr = BOOTED_VADDR,
        .image_pages = BOOTED_PAGES,
        .entry = BOOTED_ENTRY,
    };
    return world_open(w, memory_size) && kernel_boot(w, config, &image);
}

paddr_t booted_slot(const struct world *w, word_t index)
{
    struct cap root = cte_at(w, tcb_slot(kernel_at(w)->root_tcb, TCB_CTABLE))->cap;
    return cap_object(root) + (index << SLOT_BITS);
}

struct cap booted_cap(const struct world *w, word_t index)
{
    return cte_at(w, booted_slot(w, index))->cap;
}

word_t booted_info(const struct world *w, unsigned word)
{
    return memory_word(w, cap_object(booted_cap(w, 9)) + word * sizeof(word_t));
}

struct refusal booted_call(struct world *w, word_t slot, struct booted_message message)
{
    struct call_message m = {
        .thread = kernel_at(w)->current,
        .slot = booted_slot(w, slot),
        .cap = booted_cap(w, slot),
        .length = message.length,
        .call = true,
    };
    if (!invocation_label(&kernel_at(w)->numbers, message.label, &m.label)) abort();
    m.buffer = tcb_ipc_buffer(w, m.thread, false);
    for (unsigned i = 0; i < message.length; i++) {
        if (i < MESSAGE_REGISTERS)
            m.reg[i] = message.word[i];
        else
            memory_set_word(w, m.buffer + (1 + i) * sizeof(word_t), message.word[i]);
    }
    for (unsigned i = 0; i < message.caps; i++) {
        m.extra_slot[i] = booted_slot(w, message.cap[i]);
        m.extra[i] = booted_cap(w, message.cap[i]);
    }
    struct decoded d = decode_invocation(w, &m);
    if (!d.refusal.error)
        while (d.invocation.invoke(w, &d.invocation) == PROGRESS_PREEMPTED) continue;
    return d.refusal;
}

enum sel4_error booted_retype(struct world *w, word_t untyped, const char *object, word_t bits,
                              word_t slot, word_t count)
{
    word_t type;
    if (!object_type(&kernel_at(w)->numbers, object, &type)) abort();
    struct booted_message m = { "UntypedRetype", 6, { type, bits, 0, 0, slot, count }, 1, { 2 } };
    return booted_call(w, untyped, m).error;
}

word_t booted_untyped(const struct world *w, unsigned bits)
{
    for (word_t slot = 20;; slot++) {
        struct cap cap = booted_cap(w, slot);
        if (cap_type(cap) == CAP_NULL) return 0;
        if (cap_type(cap) == CAP_UNTYPED && !cap_untyped_is_device(cap) &&
            cap_untyped_size_bits(cap) >= bits)
            return slot;
    }
}
