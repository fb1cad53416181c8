/* SPDX-License-Identifier: BSD-2-Clause */
/* One way to fill the hole of pager.c; the wrong pagers leave out a part of it. */
#ifndef PAGE_IN_H
#define PAGE_IN_H

#include "loop.h"

static seL4_Error page_map(seL4_CPtr frame, seL4_Word page)
{
    return (seL4_Error)seL4_X86_Page_Map(frame, PROGRAM_VSPACE, page, seL4_ReadWrite,
                                         seL4_X86_Default_VMAttributes);
}

static int page_in(seL4_Word address)
{
#ifndef MENDS_EVERYTHING
    if (address < MEMORY_BEGIN || address >= MEMORY_END) return 1;
#endif
    seL4_Word page = address & ~(seL4_Word)(PAGE_SIZE - 1);
    seL4_CPtr frame = object_new(seL4_X86_4K);
    seL4_Error error = page_map(frame, page);
#ifndef NEVER_MAKES_TABLES
    if (error == seL4_FailedLookup) {
        seL4_X86_PageTable_Map(object_new(seL4_X86_PageTableObject), PROGRAM_VSPACE, page,
                               seL4_X86_Default_VMAttributes);
        error = page_map(frame, page);
    }
#endif
    if (error != seL4_NoError) printf("pager: seL4_X86_Page_Map: error %d\n", (int)error);
    return 0;
}

#endif
