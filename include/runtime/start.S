/* SPDX-License-Identifier: BSD-2-Clause */
/* The first instruction, the stack of a root task, and the note that names the kernel. Which
 * registers hold what at entry: sel4runtime.h. */

    .text
    .globl _start
    .type _start, @function
_start:
    xorl    %ebp, %ebp
    testq   %rsp, %rsp
    jnz     1f
    leaq    guest_stack_top(%rip), %rsp
1:  andq    $-16, %rsp
    call    guest_start
    ud2
    .size _start, . - _start

    .bss
    .balign 16
guest_stack:
    .space 32768
guest_stack_top:

/* Name "Faultline", type 1: the kernel's name as `faultline cc --kernel=` takes it. */
#define TEXT_(x) #x
#define TEXT(x) TEXT_(x)
    .section .note.faultline, "a", @note
    .balign 4
    .long   2f - 1f, 4f - 3f, 1
1:  .asciz  "Faultline"
2:  .balign 4
3:  .asciz  TEXT(FAULTLINE_KERNEL)
4:  .balign 4

    .section .note.GNU-stack, "", @progbits
