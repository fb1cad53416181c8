/* SPDX-License-Identifier: BSD-2-Clause */
/* Which registers does a reply of length 0, 1, 16 and 18 write? The handler answers an unknown system
 * call with words that can be told apart, lets the program fault once more, and lists what is
 * different in the next message. RDX and the instruction's address go back as they were, else the
 * next call would be another one. What a message shows of RCX, R11 and SP are the words that were
 * saved or written last: the processor itself has others. */
#define PART_OF_A_ROOT_TASK
#include <guest/root.h>

#include "protocol.h"

static struct root_thread program_thread, handler_thread;
enum { PROGRAM_FAULT_EP = 1, WORDS = seL4_UnknownSyscall_Length };
static const seL4_Word lengths[] = { 0, 1, 16, 18 };

static const char *const names[WORDS] = {
    "rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rbp", "r8",     "r9",     "r10",
    "r11", "r12", "r13", "r14", "r15", "ip",  "sp",  "rflags", "number",
};

void program_code(void);
__asm__(".globl program_code\n"
        "program_code:\n\t"
        "movq $3, %rdx\n"
        "1:\tsyscall\n\t"
        "jmp 1b\n");

/* The words of the last fault, before and after a reply. */
static void handler_compare(seL4_Word length, const seL4_Word before[WORDS])
{
    printf("handler: a reply of length %lu wrote:", length);
    for (int i = 0; i < WORDS; i++)
        if (seL4_GetMR(i) != before[i]) printf(" %s", names[i]);
    printf("\n");
}

static void handler(void)
{
    seL4_Word badge, before[WORDS];
    seL4_Recv(HANDLER_FAULT_EP, &badge);
    for (unsigned n = 0; n < sizeof lengths / sizeof *lengths; n++) {
        for (int i = 0; i < WORDS; i++) before[i] = seL4_GetMR(i);
        for (int i = 0; i < seL4_UnknownSyscall_FaultIP; i++)
            if (i != seL4_UnknownSyscall_RDX) seL4_SetMR(i, 0x1000 * (n + 1) + (seL4_Word)i);
        seL4_SetMR(seL4_UnknownSyscall_FaultIP, before[seL4_UnknownSyscall_FaultIP]);
        seL4_SetMR(seL4_UnknownSyscall_FLAGS, before[seL4_UnknownSyscall_FLAGS] ^ 1);
        seL4_Reply(seL4_MessageInfo_new(0, 0, 0, lengths[n]));
        seL4_Recv(HANDLER_FAULT_EP, &badge);
        handler_compare(lengths[n], before);
    }
    seL4_Recv(HANDLER_FAULT_EP, &badge);
}

int main(void)
{
    root_begin();
    seL4_CPtr fault_ep = root_object(seL4_EndpointObject, 0);
    seL4_CPtr program_cspace = root_cspace(), handler_cspace = root_cspace();
    root_thread_make(&program_thread, "program", program_cspace, PROGRAM_FAULT_EP);
    root_give_badged(program_cspace, PROGRAM_FAULT_EP, fault_ep, PROGRAM_BADGE);
    root_thread_make(&handler_thread, "handler", handler_cspace, 0);
    root_give(handler_cspace, HANDLER_FAULT_EP, fault_ep);
    root_thread_start(&handler_thread, handler);
    root_thread_start(&program_thread, program_code);
    root_let_others_run();
    root_end();
    return 0;
}
