/* SPDX-License-Identifier: BSD-2-Clause */
/* Uses sixteen pages of memory that nobody has mapped, first to last, and then returns from main(). */
#include <stdio.h>

#include "protocol.h"

enum { PAGE = 4096 };

int main(void)
{
    unsigned long sum = 0, pages = 0;
    for (unsigned long at = MEMORY_BEGIN; at < MEMORY_END; at += PAGE)
        *(volatile unsigned long *)at = ++pages;
    for (unsigned long at = MEMORY_BEGIN; at < MEMORY_END; at += PAGE)
        sum += *(volatile unsigned long *)at;
    printf("program: %lu pages, their sum is %lu\n", pages, sum);
    return 0;
}
