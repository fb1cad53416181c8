/* SPDX-License-Identifier: BSD-2-Clause */
#include "kernel/booted.h"

#include "world/world.h"

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
