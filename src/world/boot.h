/* SPDX-License-Identifier: BSD-2-Clause */
/* Booting a root task from a program, and `faultline boot`: a machine without anybody at it. */
#ifndef FAULTLINE_WORLD_BOOT_H
#define FAULTLINE_WORLD_BOOT_H

#include "world/image.h"

#define BOOT_MEMORY_SIZE (UINT64_C(512) << 20) /* of the recorded machine */

/* Which kernel a program wants: what its note says, else the recorded one without MCS. */
bool image_kernel_config(const struct image *image, struct kernel_config *out, struct problem *p);

/* Where it lies: a file, or one of a lesson. A file that is nowhere keeps its name. */
void boot_find(const char *name, char *path, size_t size);

/* Opens the program that a person names: a file, or one of a lesson ("02-cap-fault/tutorial.elf"); and the
 * kernel for it: the one named, NULL: the one it wants. NULL: the problem says why. */
struct image *boot_program(const char *name, const char *kernel, struct kernel_config *config,
                           struct problem *p);

/* Puts the program into a fresh world and boots it: its first instruction is next. */
bool boot_image(struct world *w, const struct kernel_config *config, const struct image *image,
                struct problem *p);

/* Whether no thread can ever run again: none is runnable, and nothing that comes will wake one. */
bool world_is_dead(const struct world *w);

/* What a program was built for that this processor does not offer, and what to do: said of a thread
 * that stands before such an instruction. NULL for any other. */
const char *thread_wants_processor(const struct world *w, paddr_t tcb);

/* Who hears every event of the machine, with its number. */
struct boot_listener {
    void (*hear)(void *context, const struct world *w, size_t number, const struct event *e);
    void *context;
};

/* faultline boot IMAGE.elf [--max-steps N] [--until TEXT] [--kernel=CONFIG] and the options of
 * world/choice.h; argv[0] is "boot". The listener may be NULL. Returns the exit status. */
int boot_main(int argc, char **argv, const struct boot_listener *listener);

#endif
