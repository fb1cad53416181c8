/* SPDX-License-Identifier: BSD-2-Clause */
/* Kernel configurations by name, and the note of an ELF file (include/runtime/start.S writes it). */
#include "world/kernels.h"

#include <elf.h>
#include <string.h>

#define NOTE_OWNER "Faultline"
enum { NOTE_KERNEL = 1 };

static const struct {
    const char *name;
    uint8_t mcs, hardware_debug_api;
} kernel_table[] = {
#define KERNEL(name, mcs, debug) { name, mcs, debug },
#include "world/kernels.def"
#undef KERNEL
};
enum { KERNELS = sizeof kernel_table / sizeof *kernel_table };

bool kernel_config_named(const char *name, struct kernel_config *out)
{
    for (size_t i = 0; i < KERNELS; i++) {
        if (strcmp(kernel_table[i].name, name) != 0) continue;
        *out = kernel_config_default;
        out->mcs = kernel_table[i].mcs;
        out->hardware_debug_api = kernel_table[i].hardware_debug_api;
        return true;
    }
    return false;
}

const char *kernel_config_name(const struct kernel_config *config)
{
    for (size_t i = 0; i < KERNELS; i++)
        if (kernel_table[i].mcs == config->mcs &&
            kernel_table[i].hardware_debug_api == config->hardware_debug_api)
            return kernel_table[i].name;
    return "?";
}

static size_t padded(uint32_t size)
{
    return ((size_t)size + 3) & ~(size_t)3;
}

/* Looks through the notes of one segment. */
static bool note_find(const uint8_t *at, size_t size, char name[KERNEL_NAME_SIZE])
{
    Elf64_Nhdr note;
    while (size >= sizeof note) {
        memcpy(&note, at, sizeof note);
        const uint8_t *owner = at + sizeof note;
        size_t left = size - sizeof note;
        if (padded(note.n_namesz) > left || padded(note.n_descsz) > left - padded(note.n_namesz))
            return false;
        const uint8_t *text = owner + padded(note.n_namesz);
        if (note.n_type == NOTE_KERNEL && note.n_namesz == sizeof NOTE_OWNER &&
            memcmp(owner, NOTE_OWNER, sizeof NOTE_OWNER) == 0) {
            if (!note.n_descsz || note.n_descsz > KERNEL_NAME_SIZE || text[note.n_descsz - 1])
                return false;
            memcpy(name, text, note.n_descsz);
            return true;
        }
        size_t used = sizeof note + padded(note.n_namesz) + padded(note.n_descsz);
        at += used;
        size -= used;
    }
    return false;
}

bool kernel_note_read(const void *file, size_t size, char name[KERNEL_NAME_SIZE])
{
    const uint8_t *bytes = file;
    Elf64_Ehdr header;
    Elf64_Phdr segment;
    if (size < sizeof header) return false;
    memcpy(&header, bytes, sizeof header);
    if (memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 || header.e_ident[EI_CLASS] != ELFCLASS64 ||
        header.e_phentsize != sizeof segment || header.e_phoff > size)
        return false;
    for (size_t i = 0; i < header.e_phnum; i++) {
        if ((size - header.e_phoff) / sizeof segment <= i) return false;
        memcpy(&segment, bytes + header.e_phoff + i * sizeof segment, sizeof segment);
        if (segment.p_type != PT_NOTE || segment.p_offset > size ||
            segment.p_filesz > size - segment.p_offset)
            continue;
        if (note_find(bytes + segment.p_offset, segment.p_filesz, name)) return true;
    }
    return false;
}
