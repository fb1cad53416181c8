/* SPDX-License-Identifier: BSD-2-Clause */
/* A pager with a hole in it: fill in page_in(). */
#include "loop.h"

static int page_in(seL4_Word address)
{
    /* 1. Is the address the program's to use? MEMORY_BEGIN, MEMORY_END.
     *    If not: return 1.
     * 2. A new frame: object_new(seL4_X86_4K).
     * 3. Map it: seL4_X86_Page_Map(frame, PROGRAM_VSPACE, page,
     *    seL4_ReadWrite, seL4_X86_Default_VMAttributes), where page is the
     *    address without its last 12 bits.
     * 4. It may say seL4_FailedLookup: then a page table is missing. Make
     *    one, object_new(seL4_X86_PageTableObject), map it with
     *    seL4_X86_PageTable_Map(table, PROGRAM_VSPACE, page,
     *    seL4_X86_Default_VMAttributes), and map the frame again.
     * 5. return 0. */
    (void)address;
    return 1;
}
