/* SPDX-License-Identifier: BSD-2-Clause */
/* The page walk with what a cache of translations needs to know of it. */
#ifndef FAULTLINE_MACHINE_WALK_H
#define FAULTLINE_MACHINE_WALK_H

#include "machine/cpu.h"

struct walk {
    uint64_t fault; /* 0, or the error code */
    paddr_t page;   /* of 4 KiB, also inside a large one */
    bool can_write;
    bool is_device;  /* there is no memory at `page` */
    unsigned levels; /* tables read */
    paddr_t table[4];
};

struct walk walk_tables(const struct world *w, paddr_t cr3, word_t address, uint64_t access,
                        bool has_nx);

#endif
