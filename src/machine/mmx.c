/* SPDX-License-Identifier: BSD-2-Clause */
/* MMX by the host's instructions: see mmx.h. A snippet takes eight bytes: the instruction with its
 * source where RDI points, RET, filling. Those of 0F come first, 8 * (opcode - 60) + register, then
 * those of 0F 38 from opcode 00 on. */
#include "machine/mmx.h"
#include "machine/decode.h"

enum { FIRST_OPCODE = 0x60, OPCODES = 0xa0, OPCODES_0F38 = 32, SNIPPETS_0F38 = OPCODES * 8 };

enum { OPCODE_LOAD = 0x6f, OPCODE_STORE = 0x7f };

#if defined(__x86_64__)
/* clang-format off */
__asm__(
    ".text\n"
    ".balign 16\n"
    ".type mmx_snippets, @function\n"
    "mmx_snippets:\n"
    ".set mmx_n, 0\n"
    ".rept 160 * 8\n"
    "    .byte 0x0f, 0x60 + (mmx_n >> 3), ((mmx_n & 7) << 3) + 7, 0xc3, 0x90, 0x90, 0x90, 0x90\n"
    "    .set mmx_n, mmx_n + 1\n"
    ".endr\n"
    ".set mmx_n, 0\n"
    ".rept 32 * 8\n"
    "    .byte 0x0f, 0x38, mmx_n >> 3, ((mmx_n & 7) << 3) + 7, 0xc3, 0x90, 0x90, 0x90\n"
    "    .set mmx_n, mmx_n + 1\n"
    ".endr\n"
    ".size mmx_snippets, . - mmx_snippets\n"

    ".balign 16\n"
    ".globl mmx_run\n"
    ".type mmx_run, @function\n"
    "mmx_run:\n"
    "    leaq mmx_snippets(%rip), %rax\n"
    "    leaq (%rax, %rsi, 8), %rax\n"
    "    jmpq *%rax\n"
    ".size mmx_run, . - mmx_run\n");
/* clang-format on */
#else
/* Never reached: see x87_host.c. */
void mmx_run(void *source, unsigned snippet)
{
    (void)source, (void)snippet;
}
#endif

word_t mmx_get(unsigned offset)
{
    word_t value = 0;
    mmx_run(&value, (OPCODE_STORE - FIRST_OPCODE) * 8 + offset / 8);
    return value;
}

void mmx_set(unsigned offset, word_t value)
{
    mmx_run(&value, (OPCODE_LOAD - FIRST_OPCODE) * 8 + offset / 8);
}

/* --- what an encoding means ------------------------------------------------------------------------- */

static enum mmx_kind choose(const struct instruction *i, enum mmx_kind in_register,
                            enum mmx_kind in_memory)
{
    bool has_memory = i->form == FORM_RM || i->form == FORM_MR || i->form == FORM_RMI;
    return has_memory ? in_memory : in_register;
}

static enum mmx_kind kind_of(const struct instruction *i, const struct mmx_encoding *e)
{
    if (e->map == MMX_MAP_0F3A) return choose(i, MMX_ALIGN_RR, MMX_ALIGN_RM);
    if (e->map == MMX_MAP_0F38)
        return e->opcode < OPCODES_0F38 ? choose(i, MMX_RR, MMX_RM) : MMX_NONE;
    if (e->opcode < FIRST_OPCODE) return MMX_NONE;
    switch (e->opcode) {
    case 0x60:
    case 0x61:
    case 0x62: return choose(i, MMX_RR, MMX_RM_HALF);
    case 0x6e: return choose(i, MMX_FROM_GENERAL, e->is_wide ? MMX_RM : MMX_LOAD_HALF);
    case 0x7e: return choose(i, MMX_TO_GENERAL, e->is_wide ? MMX_STORE : MMX_STORE_HALF);
    case 0x70: return choose(i, MMX_SHUFFLE_RR, MMX_SHUFFLE_RM);
    case 0x71:
    case 0x72:
    case 0x73: return MMX_SHIFT;
    case 0x7f: return choose(i, MMX_RR, MMX_STORE);
    case 0xe7: return MMX_STORE;
    case 0xc4: return choose(i, MMX_INSERT_R, MMX_INSERT_M);
    case 0xc5: return MMX_EXTRACT;
    case 0xd7: return MMX_MASK;
    case 0xf7: return MMX_STORE_MASKED;
    default: return choose(i, MMX_RR, MMX_RM);
    }
}

/* MOVQ is a load whichever way it is encoded. 71 to 73 shift by an immediate, ModRM.reg saying which
 * way; the same by a register are D1, E1, F1 and so on. */
static unsigned opcode_of(const struct mmx_encoding *e)
{
    if (e->opcode == 0x6e || e->opcode == 0x7f) return OPCODE_LOAD;
    if (e->opcode < 0x71 || e->opcode > 0x73) return e->opcode;
    return (e->reg == 2 ? 0xd0u : e->reg == 4 ? 0xe0u : 0xf0u) | (e->opcode & 3);
}

void mmx_take(struct instruction *i, const struct mmx_encoding *e)
{
    unsigned reg = i->dst / 8 & 7;
    i->parameter = (uint8_t)kind_of(i, e);
    i->snippet = (uint16_t)(e->map == MMX_MAP_0F38 ? SNIPPETS_0F38 + e->opcode * 8 + reg
                                                   : (opcode_of(e) - FIRST_OPCODE) * 8 + reg);
}

/* --- what is computed here -------------------------------------------------------------------------- */

/* Two bits of the choice for each word of the result. */
word_t mmx_shuffle(word_t source, unsigned choice)
{
    word_t out = 0;
    for (unsigned i = 0; i < 4; i++)
        out |= (source >> 16 * (choice >> 2 * i & 3) & 0xffff) << 16 * i;
    return out;
}

word_t mmx_align(word_t high, word_t low, unsigned bytes)
{
    if (bytes == 0) return low;
    if (bytes < 8) return low >> 8 * bytes | high << (64 - 8 * bytes);
    return bytes < 16 ? high >> 8 * (bytes - 8) : 0;
}

word_t mmx_insert(word_t into, word_t value, unsigned lane)
{
    unsigned shift = 16 * (lane & 3);
    return (into & ~((word_t)0xffff << shift)) | (value & 0xffff) << shift;
}

word_t mmx_signs(word_t value)
{
    word_t out = 0;
    for (unsigned i = 0; i < 8; i++) out |= (value >> (8 * i + 7) & 1) << i;
    return out;
}

word_t mmx_merge(word_t old, word_t value, word_t mask)
{
    for (unsigned i = 0; i < 8; i++) {
        word_t byte = (word_t)0xff << 8 * i;
        if (mask >> (8 * i + 7) & 1) old = (old & ~byte) | (value & byte);
    }
    return old;
}
