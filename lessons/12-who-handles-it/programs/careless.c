/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads where nothing is mapped. */
#include <sel4/sel4.h>
#include <stdio.h>

int main(void)
{
    volatile unsigned long *nowhere = (unsigned long *)0x10000000;
    printf("careless: I read a word\n");
    unsigned long word = *nowhere;
    printf("careless: it is %lu\n", word);
    return 0;
}
