/* SPDX-License-Identifier: BSD-2-Clause */
/* SSE4.2's string compares. The immediate says: bits 0 and 1 what the elements are (bytes or words,
 * signed or not), 2 and 3 how strings are compared, 4 and 5 what is negated, 6 how the answer looks. */
#include "machine/sse.h"

enum comparison { COMPARE_ANY, COMPARE_RANGES, COMPARE_EACH, COMPARE_SUBSTRING };

struct strings {
    union lanes a, b;            /* destination (the pattern) and source */
    unsigned a_length, b_length; /* elements that are valid */
    unsigned control;
};

static unsigned element_count(const struct strings *s)
{
    return s->control & 1 ? 8 : 16;
}

static int element(const struct strings *s, const union lanes *v, unsigned i)
{
    switch (s->control & 3) {
    case 0: return v->u8[i & 15];
    case 1: return v->u16[i & 7];
    case 2: return v->i8[i & 15];
    default: return v->i16[i & 7];
    }
}

static bool is_in_pattern(const struct strings *s, unsigned j)
{
    int value = element(s, &s->b, j);
    for (unsigned i = 0; i < s->a_length; i++)
        if (element(s, &s->a, i) == value) return true;
    return false;
}

static bool is_in_range(const struct strings *s, unsigned j)
{
    int value = element(s, &s->b, j);
    for (unsigned i = 0; i + 1 < s->a_length; i += 2)
        if (element(s, &s->a, i) <= value && value <= element(s, &s->a, i + 1)) return true;
    return false;
}

/* Beyond both ends elements are equal, beyond one they are not. */
static bool is_equal(const struct strings *s, unsigned j)
{
    bool in_a = j < s->a_length, in_b = j < s->b_length;
    return in_a && in_b ? element(s, &s->a, j) == element(s, &s->b, j) : in_a == in_b;
}

/* The pattern begins here, as far as the register reaches. */
static bool is_substring(const struct strings *s, unsigned j)
{
    for (unsigned i = 0; i < s->a_length && i + j < element_count(s); i++)
        if (i + j >= s->b_length || element(s, &s->a, i) != element(s, &s->b, i + j)) return false;
    return true;
}

static bool position_holds(const struct strings *s, unsigned j)
{
    bool is_valid = j < s->b_length;
    switch (s->control >> 2 & 3) {
    case COMPARE_ANY: return is_valid && is_in_pattern(s, j);
    case COMPARE_RANGES: return is_valid && is_in_range(s, j);
    case COMPARE_EACH: return is_equal(s, j);
    default: return is_substring(s, j);
    }
}

/* A bit an element of the source, negated as the control says. */
static unsigned strings_compare(const struct strings *s)
{
    unsigned bits = 0, count = element_count(s);
    for (unsigned j = 0; j < count; j++) {
        bool is_negated = (s->control & 0x10) && (!(s->control & 0x20) || j < s->b_length);
        if (position_holds(s, j) != is_negated) bits |= 1u << j;
    }
    return bits;
}

/* --- lengths ---------------------------------------------------------------------------------------- */

static unsigned implicit_length(const struct strings *s, const union lanes *v)
{
    unsigned n = 0;
    while (n < element_count(s) && element(s, v, n)) n++;
    return n;
}

static unsigned explicit_length(const struct strings *s, word_t value, bool is_wide)
{
    int64_t length = is_wide ? (int64_t)value : (int32_t)value;
    uint64_t magnitude = length < 0 ? 0 - (uint64_t)length : (uint64_t)length;
    return magnitude > element_count(s) ? element_count(s) : (unsigned)magnitude;
}

static void find_lengths(const struct core *m, const struct op *op, bool is_explicit,
                         struct strings *s)
{
    bool is_wide = op->flags & OP_FLAG_WIDE;
    s->a_length =
        is_explicit ? explicit_length(s, m->reg[REG_RAX], is_wide) : implicit_length(s, &s->a);
    s->b_length =
        is_explicit ? explicit_length(s, m->reg[REG_RDX], is_wide) : implicit_length(s, &s->b);
}

/* --- answers ---------------------------------------------------------------------------------------- */

static void answer_index(struct core *m, const struct strings *s, unsigned bits)
{
    unsigned first = element_count(s);
    if (bits)
        first =
            s->control & 0x40 ? 31 - (unsigned)__builtin_clz(bits) : (unsigned)__builtin_ctz(bits);
    m->reg[REG_RCX] = first;
}

static void answer_mask(struct core *m, const struct strings *s, unsigned bits)
{
    union lanes mask = { .u64 = { bits, 0 } };
    if (s->control & 0x40)
        for (unsigned i = 0; i < 16; i++)
            mask.u8[i] = bits >> (s->control & 1 ? i / 2 : i) & 1 ? 0xff : 0;
    xmm_set(m, 0, mask);
}

static word_t answer_flags(const struct strings *s, unsigned bits)
{
    word_t flags = 0;
    if (bits) flags |= FLAG_CF;
    if (bits & 1) flags |= FLAG_OF;
    if (s->b_length < element_count(s)) flags |= FLAG_ZF;
    if (s->a_length < element_count(s)) flags |= FLAG_SF;
    return flags;
}

static word_t strings_execute(struct core *m, const struct op *op, union lanes source,
                              bool is_explicit, bool is_mask)
{
    struct strings s = { .a = xmm_get(m, op->dst), .b = source, .control = IMMEDIATE };
    find_lengths(m, op, is_explicit, &s);
    unsigned bits = strings_compare(&s);
    if (is_mask)
        answer_mask(m, &s, bits);
    else
        answer_index(m, &s, bits);
    return answer_flags(&s, bits);
}

/* clang-format off */
#define COMPUTE_STRING(source, is_explicit, is_mask) \
    { \
        CHECK_FPU; \
        source; \
        word_t flags = strings_execute(m, op, s, is_explicit, is_mask); \
        result = flags_result(flags); \
        carry = flags_carry(flags); \
        NEXT; \
    }
#define STRING(name, is_explicit, is_mask) \
    SSE_HANDLER(name##_rr) COMPUTE_STRING(SOURCE_REGISTER, is_explicit, is_mask) \
    SSE_HANDLER(name##_rm) COMPUTE_STRING(SOURCE_MEMORY(16, false), is_explicit, is_mask)
STRING(pcmpestri, true, false) STRING(pcmpestrm, true, true)
STRING(pcmpistri, false, false) STRING(pcmpistrm, false, true)
    /* clang-format on */
