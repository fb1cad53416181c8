/* SPDX-License-Identifier: BSD-2-Clause */
/* The program's memory: large pages, each mapped twice, in the program's address space and, through a
 * second capability to the same frame, in the personality's. */
#ifndef PIECES_H
#define PIECES_H

#include <sel4/sel4.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "protocol.h"

static seL4_CPtr next_slot = FIRST_FREE_SLOT;
static uint8_t piece_is_there[PROGRAM_END / PIECE_SIZE];

static void check(const char *what, seL4_Error error)
{
    if (error == seL4_NoError) return;
    printf("personality: %s: error %d\n", what, (int)error);
    abort();
}

static seL4_CPtr object_new(seL4_Word type)
{
    seL4_CPtr slot = next_slot++;
    check("seL4_Untyped_Retype", seL4_Untyped_Retype(POOL, type, 0, OWN_CNODE, 0, 0, slot, 1));
    return slot;
}

static void frame_map(seL4_CPtr frame, seL4_CPtr vspace, seL4_Word address)
{
    check("seL4_X86_Page_Map",
          seL4_X86_Page_Map(frame, vspace, address, seL4_ReadWrite, seL4_X86_Default_VMAttributes));
}

/* A frame can be mapped once through each capability: so a copy of the capability maps it again. */
static void piece_make(seL4_Word address)
{
    if (piece_is_there[address / PIECE_SIZE]) return;
    seL4_CPtr frame = object_new(seL4_X86_LargePageObject), copy = next_slot++;
    check("seL4_CNode_Copy", seL4_CNode_Copy(OWN_CNODE, copy, seL4_WordBits, OWN_CNODE, frame,
                                             seL4_WordBits, seL4_AllRights));
    frame_map(frame, PROGRAM_VSPACE, address);
    frame_map(copy, OWN_VSPACE, address + WINDOW);
    piece_is_there[address / PIECE_SIZE] = 1;
}

static void pieces_make(seL4_Word from, seL4_Word to)
{
    for (seL4_Word at = from & ~(PIECE_SIZE - 1); at < to; at += PIECE_SIZE) piece_make(at);
}

/* The program's bytes as the personality sees them; NULL when some of them are not there. */
static void *window(seL4_Word address, seL4_Word length)
{
    if (address >= PROGRAM_END || length > PROGRAM_END - address) return NULL;
    for (seL4_Word at = address & ~(PIECE_SIZE - 1); at < address + length; at += PIECE_SIZE)
        if (!piece_is_there[at / PIECE_SIZE]) return NULL;
    return (void *)(address + WINDOW);
}

#endif
