/* SPDX-License-Identifier: BSD-2-Clause */
/* Loads a Linux program from its file, which stays as it is: segments, stack, and what Linux puts on a
 * new stack. In the *memory* of the program each `syscall` becomes `int 0xa0`. */
#ifndef LOADER_H
#define LOADER_H

#include "pieces.h"

struct elf_header {
    uint8_t ident[16];
    uint16_t type, machine;
    uint32_t version;
    uint64_t entry, phoff, shoff;
    uint32_t flags;
    uint16_t ehsize, phentsize, phnum, shentsize, shnum, shstrndx;
};

struct elf_segment {
    uint32_t type, flags;
    uint64_t offset, vaddr, paddr, filesz, memsz, align;
};

enum { SEGMENT_LOAD = 1, SEGMENT_EXECUTE = 1 };
enum {
    AUX_PHDR = 3,
    AUX_PHENT = 4,
    AUX_PHNUM = 5,
    AUX_PAGESZ = 6,
    AUX_ENTRY = 9,
    AUX_SECURE = 23,
    AUX_RANDOM = 25,
};

static const struct elf_header *const elf = (const struct elf_header *)FILE_ADDRESS;
static seL4_Word program_begin = PROGRAM_END;
static seL4_Word program_break; /* where the heap ends */

/* 0f 05 is `syscall`, cd a0 is `int 0xa0`. Both have two bytes, so nothing moves. Bytes that only look
 * like it, in the middle of another instruction, would be changed as well: a loader that must never
 * be wrong decodes the code, or has a list from the linker. */
static unsigned patch(uint8_t *code, seL4_Word size)
{
    unsigned count = 0;
#ifndef LEAVES_SYSCALL
    for (seL4_Word i = 0; i + 1 < size; i++) {
        if (code[i] != 0x0f || code[i + 1] != 0x05) continue;
        code[i] = 0xcd;
        code[i + 1] = 0xa0;
        count++;
    }
#else
    (void)code, (void)size;
#endif
    return count;
}

static void load_segment(const struct elf_segment *s)
{
    pieces_make(s->vaddr, s->vaddr + s->memsz);
    uint8_t *bytes = window(s->vaddr, s->memsz);
    if (!bytes) abort();
    memcpy(bytes, (const uint8_t *)FILE_ADDRESS + s->offset, s->filesz);
    if (s->flags & SEGMENT_EXECUTE)
        printf("personality: %u syscall instructions changed\n", patch(bytes, s->filesz));
    if (s->vaddr < program_begin) program_begin = s->vaddr;
    seL4_Word end = (s->vaddr + s->memsz + 0xfff) & ~0xffful;
    if (end > program_break) program_break = end;
}

/* argc, argv, environment, auxiliary vector, as the Linux kernel leaves them; the new RSP. */
static seL4_Word load_stack(void)
{
    const seL4_Word name = STACK_TOP - 64, random = STACK_TOP - 32, top = STACK_TOP - 512;
    const seL4_Word words[] = {
        1,          name,
        0, /* argv ends */
        0, /* environment ends */
        AUX_PHDR,   program_begin + elf->phoff,
        AUX_PHENT,  elf->phentsize,
        AUX_PHNUM,  elf->phnum,
        AUX_PAGESZ, 4096,
        AUX_ENTRY,  elf->entry,
        AUX_SECURE, 0,
        AUX_RANDOM, random,
        0,          0,
    };
    pieces_make(STACK_TOP - PIECE_SIZE, STACK_TOP);
    strcpy(window(name, 32), "program");
    memcpy(window(random, 16), "sixteen by lot..", 16);
    memcpy(window(top, sizeof words), words, sizeof words);
    return top;
}

static void load(void)
{
    if (memcmp(elf->ident, "\177ELF\2\1", 6) != 0 || elf->type != 2 || elf->machine != 62) {
        printf("personality: no static Linux program for x86-64 at 0x%lx\n", FILE_ADDRESS);
        abort();
    }
    const struct elf_segment *segment = (const void *)(FILE_ADDRESS + elf->phoff);
    for (unsigned i = 0; i < elf->phnum; i++)
        if (segment[i].type == SEGMENT_LOAD) load_segment(&segment[i]);
    seL4_UserContext c = { .rip = elf->entry, .rsp = load_stack(), .rflags = 0x202 };
    check("seL4_TCB_WriteRegisters",
          seL4_TCB_WriteRegisters(PROGRAM_TCB, 1, 0, sizeof c / sizeof(seL4_Word), &c));
}

#endif
