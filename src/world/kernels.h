/* SPDX-License-Identifier: BSD-2-Clause */
/* Kernel configurations by name, and the note in which `faultline cc` writes down for which of them
 * a program was compiled: numbers and stubs differ between them. */
#ifndef FAULTLINE_WORLD_KERNELS_H
#define FAULTLINE_WORLD_KERNELS_H

#include "kernel/config.h"

enum { KERNEL_NAME_SIZE = 16 };

/* "nonmcs", "mcs", "debug", "mcs-debug". False: no such name. */
bool kernel_config_named(const char *name, struct kernel_config *out);

/* The name of a configuration; "?" for one that is none of them. */
const char *kernel_config_name(const struct kernel_config *config);

/* The kernel's name out of an ELF file's note, which may name one that this version does not know.
 * False: the file has no such note (a foreign image) or is damaged. */
bool kernel_note_read(const void *file, size_t size, char name[KERNEL_NAME_SIZE]);

#endif
