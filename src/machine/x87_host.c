/* SPDX-License-Identifier: BSD-2-Clause */
/* The host's x87 instructions, one a snippet: see x87.h. Snippet 64 * e + m is the instruction of bytes
 * D8 + e, C0 + m; snippet 512 + 8 * e + r the one of D8 + e with ModRM.reg r and its operand where RDI
 * points; the last one is EMMS. Each takes four bytes, RET included. */
#include "machine/x87.h"

#if defined(__x86_64__)

/* clang-format off */
__asm__(
    ".text\n"
    ".balign 16\n"
    ".type x87_snippets, @function\n"
    "x87_snippets:\n"
    ".set x87_n, 0\n"
    ".rept 512\n"
    "    .byte 0xd8 + (x87_n >> 6), 0xc0 + (x87_n & 63), 0xc3, 0x90\n"
    "    .set x87_n, x87_n + 1\n"
    ".endr\n"
    ".set x87_n, 0\n"
    ".rept 64\n"
    "    .byte 0xd8 + (x87_n >> 3), ((x87_n & 7) << 3) + 7, 0xc3, 0x90\n"
    "    .set x87_n, x87_n + 1\n"
    ".endr\n"
    "    .byte 0x0f, 0x77, 0xc3, 0x90\n"
    ".size x87_snippets, . - x87_snippets\n"

    ".balign 16\n"
    ".globl x87_run\n"
    ".type x87_run, @function\n"
    "x87_run:\n"
    "    leaq x87_snippets(%rip), %rax\n"
    "    leaq (%rax, %rsi, 4), %rax\n"
    "    jmpq *%rax\n"
    ".size x87_run, . - x87_run\n"

    ".balign 16\n"
    ".globl x87_run_flags\n"
    ".type x87_run_flags, @function\n"
    "x87_run_flags:\n"
    "    leaq x87_snippets(%rip), %rax\n"
    "    leaq (%rax, %rsi, 4), %rax\n"
    "    pushq %rdx\n"
    "    popfq\n"
    "    callq *%rax\n"
    "    pushfq\n"
    "    popq %rax\n"
    "    retq\n"
    ".size x87_run_flags, . - x87_run_flags\n");
/* clang-format on */

uint16_t x87_status(void)
{
    uint16_t status;
    __asm__ volatile("fnstsw %0" : "=a"(status));
    return status;
}

uint16_t x87_control(void)
{
    uint16_t control;
    __asm__ volatile("fnstcw %0" : "=m"(control));
    return control;
}

void x87_set_control(uint16_t control)
{
    __asm__ volatile("fldcw %0" : : "m"(control));
}

void x87_host_load(const uint8_t saved[X87_SAVED])
{
    __asm__ volatile("frstor %0" : : "m"(*(const uint8_t(*)[X87_SAVED])saved));
}

void x87_host_save(uint8_t saved[X87_SAVED])
{
    __asm__ volatile("fnsave %0" : "=m"(*(uint8_t(*)[X87_SAVED])saved));
}

#else

/* Never reached: nothing becomes live where x87_is_available() is false. */
void x87_run(void *operand, unsigned snippet)
{
    (void)operand, (void)snippet;
}

word_t x87_run_flags(void *operand, unsigned snippet, word_t flags)
{
    (void)operand, (void)snippet;
    return flags;
}

uint16_t x87_status(void)
{
    return 0;
}

uint16_t x87_control(void)
{
    return 0x37f;
}

void x87_set_control(uint16_t control)
{
    (void)control;
}

void x87_host_load(const uint8_t saved[X87_SAVED])
{
    (void)saved;
}

void x87_host_save(uint8_t saved[X87_SAVED])
{
    (void)saved;
}

#endif
