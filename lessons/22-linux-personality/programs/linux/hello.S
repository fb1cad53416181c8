/* SPDX-License-Identifier: BSD-2-Clause */
/* Hello for Linux, in assembly: write, then exit. It never uses its stack. */
        .globl _start
        .text
_start:
        movl $1, %eax # write
        movl $1, %edi # to standard output
        leaq text(%rip), %rsi
        movl $(text_end - text), %edx
        syscall
        movl $60, %eax # exit
        movl $7, %edi
        syscall

        .section .rodata
text:   .ascii "Hello from assembly\n"
text_end:
        .section .note.GNU-stack, "", @progbits
