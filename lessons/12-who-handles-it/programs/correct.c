/* SPDX-License-Identifier: BSD-2-Clause */
/* Does nothing wrong, and comes to its end. Where does main() return to? */
#include <sel4/sel4.h>
#include <stdio.h>

int main(void)
{
    printf("correct: 6 * 7 = %d\n", 6 * 7);
    return 0;
}
