/* SPDX-License-Identifier: BSD-2-Clause */
/* C lines of addresses, from the program's DWARF information, read by elfutils when first asked for. */
#include <elfutils/libdw.h>
#include <stdlib.h>

#include "world/image_private.h"

struct image_lines {
    Elf *elf;
    Dwarf *dwarf;
};

void lines_close(struct image_lines *lines)
{
    if (!lines) return;
    if (lines->dwarf) dwarf_end(lines->dwarf);
    if (lines->elf) elf_end(lines->elf);
    free(lines);
}

static struct image_lines *lines_open(const struct image *image)
{
    struct image_lines *lines = calloc(1, sizeof *lines);
    if (!lines || elf_version(EV_CURRENT) == EV_NONE) return lines;
    lines->elf = elf_memory((char *)image->file, image->file_size);
    if (lines->elf) lines->dwarf = dwarf_begin_elf(lines->elf, DWARF_C_READ, NULL);
    return lines;
}

/* The unit whose ranges hold the address. Asked of each unit: files without .debug_aranges are common. */
static bool unit_at(Dwarf *dwarf, word_t address, Dwarf_Die *unit)
{
    if (dwarf_addrdie(dwarf, address, unit)) return true;
    Dwarf_Off offset = 0, next;
    size_t header;
    while (dwarf_nextcu(dwarf, offset, &next, &header, NULL, NULL, NULL) == 0) {
        if (dwarf_offdie(dwarf, offset + header, unit) && dwarf_haspc(unit, address) == 1)
            return true;
        offset = next;
    }
    return false;
}

bool image_line(const struct image *image, word_t address, struct source_line *out)
{
    /* What is opened late is no part of the image's value. */
    struct image *cache = (struct image *)(uintptr_t)image;
    if (!image->lines_tried) cache->lines = lines_open(image);
    cache->lines_tried = true;
    if (!image->lines || !image->lines->dwarf) return false;

    Dwarf_Die unit;
    if (!unit_at(image->lines->dwarf, address, &unit)) return false;
    Dwarf_Line *line = dwarf_getsrc_die(&unit, address);
    int number;
    if (!line || dwarf_lineno(line, &number) != 0 || number <= 0) return false;
    out->file = dwarf_linesrc(line, NULL, NULL);
    out->line = (unsigned)number;
    return out->file != NULL;
}
