/* SPDX-License-Identifier: BSD-2-Clause */
/* Instructions as text, both ways: for people who type and read them. Intel syntax. */
#ifndef FAULTLINE_MACHINE_TEXT_H
#define FAULTLINE_MACHINE_TEXT_H

#include "machine/arena.h"

/* Writes the instruction at `bytes` (at most `available` of them, address `rip`) as text.
 * Returns its length in bytes; 0 when it is none: the text then is ".byte 0x…". */
size_t instruction_format(const uint8_t *bytes, size_t available, word_t rip, char *text,
                          size_t size);

/* Its name alone, as the processor of the model takes it (ENDBR64 is a NOP there); NULL when it is none. */
const char *instruction_mnemonic(const uint8_t *bytes, size_t available, bool is_compat);

/* Which general registers it writes if it runs to its end, in whole or in part: bit n is enum reg n. */
uint32_t instruction_writes(const uint8_t *bytes, size_t available, bool is_compat);

struct assembled {
    uint8_t code[256];
    size_t length;
    char error[160]; /* "" when all went well; else what is wrong, and a tip */
};

/* Assembles Intel syntax, instructions separated by ';' or newlines, numbers as in C, for address `rip`. */
struct assembled assemble(const char *source, word_t rip);

#endif
