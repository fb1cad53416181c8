/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files that read programs offer each other. */
#ifndef FAULTLINE_WORLD_IMAGE_PRIVATE_H
#define FAULTLINE_WORLD_IMAGE_PRIVATE_H

#include <elf.h>

#include "world/image.h"

/* Whether the file is that long. */
static inline bool file_holds(const struct image *image, uint64_t offset, uint64_t length)
{
    return offset <= image->file_size && length <= image->file_size - offset;
}

/* symbols.c: reads the symbol table, as far as it is sound; a file without one has no symbols. */
void symbols_read(struct image *image, const Elf64_Ehdr *h);

/* lines.c */
void lines_close(struct image_lines *lines);

#endif
