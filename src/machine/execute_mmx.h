/* SPDX-License-Identifier: BSD-2-Clause */
/* MMX instructions: in both forms (execute.h), behind execute_x87.h. imm: the host's instruction, and
 * from bit 16 on the immediate. */

#define MMX_BEGIN                                                                                  \
    X87_BEGIN;                                                                                     \
    X87_WAIT
#define MMX_SNIPPET   ((unsigned)op->imm & 0xffff)
#define MMX_IMMEDIATE ((unsigned)op->imm >> 16)

HANDLER(mmx_rr)
{
    MMX_BEGIN;
    word_t source = mmx_get(op->src);
    mmx_run(&source, MMX_SNIPPET);
    NEXT;
}

HANDLER(mmx_rm)
{
    MMX_BEGIN;
    READ(memory_64, p, EFFECTIVE_ADDRESS);
    word_t source = *p;
    mmx_run(&source, MMX_SNIPPET);
    NEXT;
}

HANDLER(mmx_rm_half)
{
    MMX_BEGIN;
    READ(memory_32, p, EFFECTIVE_ADDRESS);
    word_t source = *p;
    mmx_run(&source, MMX_SNIPPET);
    NEXT;
}

HANDLER(mmx_shift)
{
    MMX_BEGIN;
    word_t count = MMX_IMMEDIATE;
    mmx_run(&count, MMX_SNIPPET);
    NEXT;
}

HANDLER(mmx_store)
{
    MMX_BEGIN;
    WRITE(memory_64, p, EFFECTIVE_ADDRESS);
    *p = mmx_get(op->src);
    NEXT;
}

HANDLER(mmx_store_half)
{
    MMX_BEGIN;
    WRITE(memory_32, p, EFFECTIVE_ADDRESS);
    *p = (uint32_t)mmx_get(op->src);
    NEXT;
}

HANDLER(mmx_load_half)
{
    MMX_BEGIN;
    READ(memory_32, p, EFFECTIVE_ADDRESS);
    mmx_set(op->dst, *p);
    NEXT;
}

/* scale: WIDTH_64 with REX.W. */
HANDLER(mmx_from_general)
{
    MMX_BEGIN;
    mmx_set(op->dst, op->scale == WIDTH_64 ? AT(64, op->src) : AT(32, op->src));
    NEXT;
}

HANDLER(mmx_to_general)
{
    MMX_BEGIN;
    word_t value = mmx_get(op->src);
    AT(64, op->dst) = op->scale == WIDTH_64 ? value : (uint32_t)value;
    NEXT;
}

HANDLER(mmx_shuffle_rr)
{
    MMX_BEGIN;
    mmx_set(op->dst, mmx_shuffle(mmx_get(op->src), MMX_IMMEDIATE));
    NEXT;
}

HANDLER(mmx_shuffle_rm)
{
    MMX_BEGIN;
    READ(memory_64, p, EFFECTIVE_ADDRESS);
    mmx_set(op->dst, mmx_shuffle(*p, MMX_IMMEDIATE));
    NEXT;
}

HANDLER(mmx_align_rr)
{
    MMX_BEGIN;
    mmx_set(op->dst, mmx_align(mmx_get(op->dst), mmx_get(op->src), MMX_IMMEDIATE));
    NEXT;
}

HANDLER(mmx_align_rm)
{
    MMX_BEGIN;
    READ(memory_64, p, EFFECTIVE_ADDRESS);
    mmx_set(op->dst, mmx_align(mmx_get(op->dst), *p, MMX_IMMEDIATE));
    NEXT;
}

HANDLER(mmx_insert_r)
{
    MMX_BEGIN;
    mmx_set(op->dst, mmx_insert(mmx_get(op->dst), AT(16, op->src), MMX_IMMEDIATE));
    NEXT;
}

HANDLER(mmx_insert_m)
{
    MMX_BEGIN;
    READ(memory_16, p, EFFECTIVE_ADDRESS);
    mmx_set(op->dst, mmx_insert(mmx_get(op->dst), *p, MMX_IMMEDIATE));
    NEXT;
}

HANDLER(mmx_extract)
{
    MMX_BEGIN;
    AT(64, op->dst) = mmx_get(op->src) >> 16 * (MMX_IMMEDIATE & 3) & 0xffff;
    NEXT;
}

HANDLER(mmx_mask)
{
    MMX_BEGIN;
    AT(64, op->dst) = mmx_signs(mmx_get(op->src));
    NEXT;
}

/* SIMPLIFIED: a mask without a bit set still touches its operand, which a processor may leave alone. */
HANDLER(mmx_store_masked)
{
    MMX_BEGIN;
    WRITE(memory_64, p, EFFECTIVE_ADDRESS);
    *p = mmx_merge(*p, mmx_get(op->dst), mmx_get(op->src));
    NEXT;
}
