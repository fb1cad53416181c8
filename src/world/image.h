/* SPDX-License-Identifier: BSD-2-Clause */
/* A program from an ELF file: its memory as one flat piece of whole pages, its symbols, and the C
 * line of an address. Static x86-64 executables only; every other file is a problem with a tip. */
#ifndef FAULTLINE_WORLD_IMAGE_H
#define FAULTLINE_WORLD_IMAGE_H

#include "world/kernels.h"
#include "world/world.h"

enum {
    IMAGE_MAX_PAGES = 8192, /* 32 MiB: what fits the root CNode */
};

struct symbol {
    const char *name;
    word_t address, size; /* size 0: unknown */
    bool is_function;
};

struct image {
    char *path;
    word_t vaddr; /* of the first page */
    word_t pages;
    word_t entry;
    uint8_t *bytes;                /* pages << PAGE_BITS of them */
    char kernel[KERNEL_NAME_SIZE]; /* it was compiled for; "" without a note (world/kernels.h) */
    size_t symbol_count;
    const struct symbol *symbol;         /* by address */
    const struct symbol *const *by_name; /* the same, by name */
    uint8_t *file;                       /* the whole file: symbols' names lie in it */
    size_t file_size;
    struct image_lines *lines; /* opened when first asked for */
    bool lines_tried;
};

/* A file as it is: only path, file and file_size are filled. NULL when it cannot be read (problem filled). */
struct image *image_read(const char *path, struct problem *p);
/* NULL when the file is no program that can run here (problem filled). */
struct image *image_open(const char *path, struct problem *p);
/* The same from bytes in memory; takes a copy. `path` is for messages and source lines. */
struct image *image_from_bytes(const char *path, const void *bytes, size_t size, struct problem *p);
void image_close(struct image *image);

const struct symbol *image_symbol(const struct image *image, const char *name);
/* The symbol that an address lies in; NULL when in none. */
const struct symbol *image_symbol_at(const struct image *image, word_t address);

/* The C line of an address; false when the file has no such information. `file` is as the compiler
 * wrote it, valid until image_close(). */
struct source_line {
    const char *file;
    unsigned line;
};
bool image_line(const struct image *image, word_t address, struct source_line *out);

#endif
