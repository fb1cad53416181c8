/* SPDX-License-Identifier: BSD-2-Clause */
/* Which machine is to be booted, as the command line asks for it and the head of a recording says it: how
 * much memory, and what kernel and processor are configured with. Names are those of the real build. */
#ifndef FAULTLINE_WORLD_CHOICE_H
#define FAULTLINE_WORLD_CHOICE_H

#include "world/session.h"

#define MEBIBYTE (UINT64_C(1) << 20)

/* 0: not chosen: what the image was built for, else as on the recorded machine. */
struct boot_choice {
    uint64_t memory;          /* bytes */
    uint64_t domains;         /* NUM_DOMAINS, 1 to 16 */
    uint64_t root_cnode_bits; /* ROOT_CNODE_SIZE_BITS, 7 to 26 */
    bool fsgsbase;            /* FSGSBASE_INST */
    bool no_x87;              /* a processor without x87 and MMX */
};

/* That of a world which has booted. */
struct boot_choice choice_of(const struct world *w);

/* Whether an option of the command line is one of these; p->text: "", or what is wrong with its value. */
bool choice_option(int argc, char **argv, int *i, struct boot_choice *c, struct problem *p);
/* Whether such a machine can be: within the ranges above. */
bool choice_is_sound(const struct boot_choice *c);

/* Bytes, whole pages; `usual` when nothing was chosen. */
uint64_t choice_memory(const struct boot_choice *c, uint64_t usual);
void choice_configure(const struct boot_choice *c, struct kernel_config *config);
/* After the boot: what the processor lacks. */
void choice_fit(const struct boot_choice *c, struct world *w);

/* A session in a machine that has just booted: the root task that a person drives (image NULL), or the
 * program, which is closed with the session. NULL: it cannot be (problem filled; the program is closed). */
struct session *choice_boot(const struct boot_choice *c, const struct kernel_config *config,
                            struct image *image, struct problem *p);

#endif
