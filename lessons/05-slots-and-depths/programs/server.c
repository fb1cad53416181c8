/* SPDX-License-Identifier: BSD-2-Clause */
/* Says of each message that it receives which one it is, and its badge and first word. */
#include <sel4/sel4.h>
#include <stdio.h>

enum { SERVER_EP = 1 };

int main(void)
{
    for (int message = 1;; message++) {
        seL4_Word badge;
        seL4_Recv(SERVER_EP, &badge);
        printf("server: message %d, word %lu\n", message, seL4_GetMR(0));
    }
}
