/* SPDX-License-Identifier: BSD-2-Clause */
/* The six arithmetic flags, kept as two words until someone reads them.
 *
 * `result` is the last result, sign-extended: ZF is its being zero, SF its sign, PF the parity of its
 * low byte. `carry` holds carries where they need no further shifting: bit 63 is CF, bit 62 the carry
 * into the sign bit (so OF is bit 63 ^ bit 62), bit 3 is AF. Two corrections allow combinations that
 * no result has (after POPF, say): bit 0 inverts SF, bits 8 to 15 are xored to the byte PF looks at.
 *
 * Where the manual calls a flag undefined, ours is: AF 0 after logic, shifts and multiplication; OF
 * after shifts by more than one as if by one; ZF, SF, PF after multiplication from the low half; BSF,
 * BSR, BT and division leave what is undefined as it was. */
#ifndef FAULTLINE_MACHINE_FLAGS_H
#define FAULTLINE_MACHINE_FLAGS_H

#include "machine/cpu.h"

#define CARRY_CF   (UINT64_C(1) << 63)
#define CARRY_SIGN (UINT64_C(1) << 62)
#define CARRY_BOTH (CARRY_CF | CARRY_SIGN)
#define CARRY_AF   UINT64_C(8)

#define ARITHMETIC_FLAGS ((word_t)(FLAG_CF | FLAG_PF | FLAG_AF | FLAG_ZF | FLAG_SF | FLAG_OF))

/* Moves a vector of carries out of each bit of a sum of `bits` bits to the places described above. */
static inline word_t carry_place(word_t vector, unsigned bits)
{
    return (vector << (64 - bits) & CARRY_BOTH) | (vector & CARRY_AF);
}

static inline word_t carry_of_sum(word_t a, word_t b, word_t sum, unsigned bits)
{
    return carry_place((a & b) | ((a | b) & ~sum), bits);
}

static inline word_t carry_of_difference(word_t a, word_t b, word_t difference, unsigned bits)
{
    return carry_place((~a & b) | ((~a | b) & difference), bits);
}

/* CF and OF (0 or 1 each) in their places. */
static inline word_t carry_from(word_t cf, word_t of)
{
    return cf << 63 | (cf ^ of) << 62;
}

/* `carry` with another CF, OF staying as it is. */
static inline word_t carry_with_cf(word_t carry, word_t cf)
{
    word_t change = (carry >> 63) ^ cf;
    return carry ^ (change << 63 | change << 62);
}

static inline word_t flag_cf(word_t carry)
{
    return carry >> 63;
}
static inline word_t flag_of(word_t carry)
{
    return (carry ^ carry << 1) >> 63;
}
static inline word_t flag_zf(word_t result)
{
    return result == 0;
}
static inline word_t flag_sf(word_t result, word_t carry)
{
    return (result ^ carry << 63) >> 63;
}

static inline word_t flag_pf(word_t result, word_t carry)
{
    unsigned byte = (unsigned)((result ^ carry >> 8) & 0xff);
    return (unsigned)(0x9669 >> ((byte ^ byte >> 4) & 15)) & 1;
}

/* The arithmetic flags as they stand in RFLAGS. */
static inline word_t flags_gather(word_t result, word_t carry)
{
    return flag_cf(carry) | flag_pf(result, carry) << 2 | (carry & CARRY_AF) << 1 |
           flag_zf(result) << 6 | flag_sf(result, carry) << 7 | flag_of(carry) << 11;
}

/* The other way round. */
static inline word_t flags_result(word_t rflags)
{
    return rflags & FLAG_ZF ? 0 : 0x100;
}

static inline word_t flags_carry(word_t rflags)
{
    word_t sign = rflags >> 7 & 1, odd = ~rflags >> 2 & 1;
    return carry_from(rflags & 1, rflags >> 11 & 1) | (rflags & FLAG_AF) >> 1 | odd << 8 | sign;
}

/* Condition codes as instructions encode them; the odd ones are the negated even ones. */
static inline word_t condition_holds(unsigned code, word_t result, word_t carry)
{
    word_t holds = 0;
    switch (code >> 1) {
    case 0: holds = flag_of(carry); break;
    case 1: holds = flag_cf(carry); break;
    case 2: holds = flag_zf(result); break;
    case 3: holds = flag_cf(carry) | flag_zf(result); break;
    case 4: holds = flag_sf(result, carry); break;
    case 5: holds = flag_pf(result, carry); break;
    case 6: holds = flag_sf(result, carry) ^ flag_of(carry); break;
    case 7: holds = (flag_sf(result, carry) ^ flag_of(carry)) | flag_zf(result); break;
    default: break;
    }
    return holds ^ (code & 1);
}

#endif
