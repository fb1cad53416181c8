/* SPDX-License-Identifier: BSD-2-Clause */
/* A device made of nothing: the handler answers each `in` of the program with the next letter. The
 * message of a user exception has neither RAX nor RDX, and a reply writes FaultIP, SP and FLAGS only:
 * so the registers are read and written by invocations, and there is no reply. */
#include <sel4/sel4.h>
#include <stdio.h>

#include "protocol.h"

enum { GENERAL_PROTECTION = 13, IN_AL_DX_LENGTH = 1, GIVES_UP_AFTER = 20 };

#ifndef SKIP
#define SKIP IN_AL_DX_LENGTH
#endif

#ifdef REPLIES
/* Wrong: FaultIP moves, but AL stays what it was. */
static void handler_answer(char letter)
{
    (void)letter;
    seL4_SetMR(seL4_UserException_FaultIP, seL4_GetMR(seL4_UserException_FaultIP) + SKIP);
    seL4_Reply(seL4_MessageInfo_new(0, 0, 0, 1));
}
#else
static void handler_answer(char letter)
{
    seL4_UserContext c;
    const seL4_Word count = sizeof c / sizeof(seL4_Word);
    seL4_TCB_ReadRegisters(HANDLER_PROGRAM_TCB, 0, 0, count, &c);
    if ((c.rdx & 0xffff) != KEYBOARD_PORT) printf("handler: no such port 0x%lx\n", c.rdx & 0xffff);
    c.rax = (c.rax & ~0xfful) | (unsigned char)letter;
    c.rip += SKIP;
    seL4_TCB_WriteRegisters(HANDLER_PROGRAM_TCB, 1, 0, count, &c);
}
#endif

int main(void)
{
    static const char typed[] = "seL4";
    seL4_Word badge;
    for (unsigned n = 0;; n++) {
        seL4_MessageInfo_t info = seL4_Recv(HANDLER_FAULT_EP, &badge);
        if (!seL4_isUserException_tag(info) ||
            seL4_GetMR(seL4_UserException_Number) != GENERAL_PROTECTION) {
            printf("handler: label %lu: not mine\n", seL4_MessageInfo_get_label(info));
            continue;
        }
        if (n == GIVES_UP_AFTER) {
            printf("handler: the same again and again: I give up\n");
            continue;
        }
        handler_answer(n < sizeof typed ? typed[n] : '\0');
    }
}
