/* SPDX-License-Identifier: BSD-2-Clause */
/* An image of 4 MiB, no page of it empty, that says a word. */
#include "objects.h"

#define REPEAT_8(x)   x, x, x, x, x, x, x, x
#define REPEAT_64(x)  REPEAT_8(REPEAT_8(x))
#define REPEAT_512(x) REPEAT_8(REPEAT_64(x))

enum { PAGES = 1024, PAGE_WORDS = 512 };

/* Words behind those given are zero, but the page is in the file. */
static volatile uint64_t pages[PAGES][PAGE_WORDS] = { REPEAT_512({ 1 }), REPEAT_512({ 2 }) };

int main(void)
{
    printf("first output %lu\n", (unsigned long)(pages[0][0] + pages[PAGES - 1][0]));
    return 0;
}
