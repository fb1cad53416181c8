/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads an ELF file. Everything in it is doubted: each offset and size is checked against the file
 * before it is used, and nothing is allocated that the file's size or IMAGE_MAX_PAGES does not bound. */
#include "world/image.h"

#include <elf.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "world/image_private.h"

static const char tip_cc[] = "compile it with: faultline cc prog.c -o prog.elf";
static const char tip_truncated[] = "the file looks cut short or damaged: build or copy it again";

/* ---- The file ---- */

enum { FILE_MAX = 256 << 20 };

static bool read_all(FILE *f, struct image *image, struct problem *p)
{
    struct stat info;
    if (fstat(fileno(f), &info) != 0)
        return problem_set(p, "", "%s: %s", image->path, strerror(errno));
    if (S_ISDIR(info.st_mode))
        return problem_set(p, "name the program's file in it", "%s is a directory", image->path);
    if (!S_ISREG(info.st_mode)) return problem_set(p, tip_cc, "%s is no regular file", image->path);
    if (info.st_size == 0) return problem_set(p, tip_cc, "%s is empty", image->path);
    if (info.st_size > FILE_MAX)
        return problem_set(p, "strip its debug information", "%s is larger than 256 MiB",
                           image->path);
    image->file_size = (size_t)info.st_size;
    image->file = malloc(image->file_size);
    if (!image->file) return problem_set(p, "", "%s: no room in memory", image->path);
    if (fread(image->file, 1, image->file_size, f) == image->file_size) return true;
    return problem_set(p, "", "%s cannot be read", image->path);
}

/* ---- Headers ---- */

static bool check_header(const struct image *image, Elf64_Ehdr *h, struct problem *p)
{
    const char *path = image->path;
    if (image->file_size < SELFMAG || memcmp(image->file, ELFMAG, SELFMAG) != 0)
        return problem_set(p, tip_cc, "%s is no ELF file", path);
    if (image->file_size > EI_CLASS && image->file[EI_CLASS] == ELFCLASS32)
        return problem_set(p, tip_cc, "%s is a 32-bit program; this machine is x86-64", path);
    if (image->file_size < sizeof *h)
        return problem_set(p, tip_truncated, "%s ends inside its ELF header", path);
    memcpy(h, image->file, sizeof *h);
    if (h->e_ident[EI_CLASS] != ELFCLASS64 || h->e_ident[EI_DATA] != ELFDATA2LSB ||
        h->e_machine != EM_X86_64)
        return problem_set(p, tip_cc,
                           "%s is for another machine (ELF machine %u); this one is x86-64", path,
                           h->e_machine);
    if (h->e_type == ET_DYN)
        return problem_set(p, "link it with -static -no-pie, or use faultline cc",
                           "%s is a shared library or a position-independent program", path);
    if (h->e_type != ET_EXEC)
        return problem_set(p, "link it: faultline cc prog.o -o prog.elf",
                           "%s is not linked to a program", path);
    if (h->e_phnum == 0) return problem_set(p, tip_cc, "%s has no program headers", path);
    if (h->e_phentsize != sizeof(Elf64_Phdr) || h->e_phnum == PN_XNUM ||
        !file_holds(image, h->e_phoff, (uint64_t)h->e_phnum * sizeof(Elf64_Phdr)))
        return problem_set(p, tip_truncated, "%s: its program headers lie outside the file", path);
    return true;
}

static Elf64_Phdr segment(const struct image *image, const Elf64_Ehdr *h, unsigned i)
{
    Elf64_Phdr segment;
    memcpy(&segment, image->file + h->e_phoff + i * sizeof segment, sizeof segment);
    return segment;
}

static bool is_loaded(const Elf64_Phdr *s)
{
    return s->p_type == PT_LOAD && s->p_memsz > 0;
}

/* ---- Segments ---- */

#define ADDRESS_TOP (UINT64_C(1) << 47)

static bool check_segment(const struct image *image, unsigned i, const Elf64_Phdr *s,
                          struct problem *p)
{
    if (s->p_filesz > s->p_memsz)
        return problem_set(p, tip_truncated, "%s: segment %u has more bytes than memory",
                           image->path, i);
    if (!file_holds(image, s->p_offset, s->p_filesz))
        return problem_set(p, tip_truncated, "%s ends inside segment %u", image->path, i);
    if (s->p_memsz > ADDRESS_TOP || s->p_vaddr > ADDRESS_TOP - s->p_memsz)
        return problem_set(p, tip_cc, "%s: segment %u at 0x%" PRIx64 " lies outside user addresses",
                           image->path, i, s->p_vaddr);
    return true;
}

static bool check_overlap(const struct image *image, const Elf64_Ehdr *h, unsigned i,
                          struct problem *p)
{
    Elf64_Phdr a = segment(image, h, i);
    for (unsigned j = 0; j < i; j++) {
        Elf64_Phdr b = segment(image, h, j);
        if (is_loaded(&b) && a.p_vaddr < b.p_vaddr + b.p_memsz && b.p_vaddr < a.p_vaddr + a.p_memsz)
            return problem_set(p, tip_cc, "%s: segments %u and %u overlap", image->path, j, i);
    }
    return true;
}

/* Bounds of all segments in whole pages; also that each segment may be loaded. */
static bool measure(struct image *image, const Elf64_Ehdr *h, struct problem *p)
{
    word_t low = ADDRESS_TOP, high = 0;
    for (unsigned i = 0; i < h->e_phnum; i++) {
        Elf64_Phdr s = segment(image, h, i);
        if (s.p_type == PT_INTERP)
            return problem_set(p, "link it with -static -no-pie, or use faultline cc",
                               "%s is dynamically linked; there is no dynamic linker here",
                               image->path);
        if (!is_loaded(&s)) continue;
        if (!check_segment(image, i, &s, p) || !check_overlap(image, h, i, p)) return false;
        if (s.p_vaddr < low) low = s.p_vaddr;
        if (s.p_vaddr + s.p_memsz > high) high = s.p_vaddr + s.p_memsz;
    }
    if (high == 0) return problem_set(p, tip_cc, "%s has no segment to load", image->path);
    image->vaddr = low & ~(word_t)(PAGE_SIZE - 1);
    image->pages = (high - image->vaddr + PAGE_SIZE - 1) >> PAGE_BITS;
    if (image->pages > IMAGE_MAX_PAGES)
        return problem_set(p, "keep its segments together and its static data small",
                           "%s covers %" PRIu64 " MiB of addresses; at most %d MiB fit",
                           image->path, image->pages >> 8, IMAGE_MAX_PAGES >> 8);
    return true;
}

static bool load(struct image *image, const Elf64_Ehdr *h, struct problem *p)
{
    if (!measure(image, h, p)) return false;
    image->bytes = calloc(image->pages, PAGE_SIZE);
    if (!image->bytes) return problem_set(p, "", "%s: no room in memory", image->path);
    bool entry_inside = false;
    for (unsigned i = 0; i < h->e_phnum; i++) {
        Elf64_Phdr s = segment(image, h, i);
        if (!is_loaded(&s)) continue;
        if (s.p_filesz)
            memcpy(image->bytes + (s.p_vaddr - image->vaddr), image->file + s.p_offset, s.p_filesz);
        if (h->e_entry >= s.p_vaddr && h->e_entry - s.p_vaddr < s.p_memsz) entry_inside = true;
    }
    image->entry = h->e_entry;
    if (entry_inside) return true;
    return problem_set(p, "the linker takes the symbol _start as the entry",
                       "%s: its entry 0x%" PRIx64 " lies in no segment", image->path, image->entry);
}

/* ---- Whole images ---- */

static struct image *image_new(const char *path, struct problem *p)
{
    struct image *image = calloc(1, sizeof *image);
    if (image) image->path = strdup(path);
    if (image && image->path) return image;
    free(image);
    problem_set(p, "", "%s: no room in memory", path);
    return NULL;
}

static struct image *image_parse(struct image *image, struct problem *p)
{
    Elf64_Ehdr h;
    if (!check_header(image, &h, p) || !load(image, &h, p)) {
        image_close(image);
        return NULL;
    }
    if (!kernel_note_read(image->file, image->file_size, image->kernel)) image->kernel[0] = '\0';
    symbols_read(image, &h);
    return image;
}

struct image *image_read(const char *path, struct problem *p)
{
    FILE *f = fopen(path, "rb");
    if (!f) {
        problem_set(p, errno == ENOENT ? "check the name, and the directory you are in" : "",
                    "%s: %s", path, strerror(errno));
        return NULL;
    }
    struct image *image = image_new(path, p);
    if (image && !read_all(f, image, p)) {
        image_close(image);
        image = NULL;
    }
    fclose(f);
    return image;
}

struct image *image_open(const char *path, struct problem *p)
{
    struct image *image = image_read(path, p);
    return image ? image_parse(image, p) : NULL;
}

struct image *image_from_bytes(const char *path, const void *bytes, size_t size, struct problem *p)
{
    struct image *image = image_new(path, p);
    if (!image) return NULL;
    image->file_size = size;
    image->file = malloc(size ? size : 1);
    if (!image->file) {
        problem_set(p, "", "%s: no room in memory", path);
        image_close(image);
        return NULL;
    }
    memcpy(image->file, bytes, size);
    return image_parse(image, p);
}

void image_close(struct image *image)
{
    if (!image) return;
    lines_close(image->lines);
    free((void *)image->symbol);
    free((void *)image->by_name);
    free(image->bytes);
    free(image->file);
    free(image->path);
    free(image);
}
