/* SPDX-License-Identifier: BSD-2-Clause */
/* Segments, identification, time, and the odd widths: in both forms (execute.h). */

/* --- accumulator, bytes ----------------------------------------------------------------------------- */

HANDLER(cbw)
{
    AT(16, 0) = (uint16_t)(int8_t)AT(8, 0);
    NEXT;
}

HANDLER(cwde)
{
    AT(64, 0) = (uint32_t)(int16_t)AT(16, 0);
    NEXT;
}

HANDLER(cdqe)
{
    AT(64, 0) = (word_t)(int32_t)AT(32, 0);
    NEXT;
}

HANDLER(cwd)
{
    AT(16, SLOT_OFFSET(REG_RDX)) = (uint16_t)((int16_t)AT(16, 0) >> 15);
    NEXT;
}

HANDLER(cdq)
{
    AT(64, SLOT_OFFSET(REG_RDX)) = (uint32_t)((int32_t)AT(32, 0) >> 31);
    NEXT;
}

HANDLER(cqo)
{
    AT(64, SLOT_OFFSET(REG_RDX)) = (word_t)((int64_t)AT(64, 0) >> 63);
    NEXT;
}

HANDLER(bswap_32)
{
    AT(64, op->dst) = __builtin_bswap32(AT(32, op->dst));
    NEXT;
}

HANDLER(bswap_64)
{
    AT(64, op->dst) = __builtin_bswap64(AT(64, op->dst));
    NEXT;
}

/* imm: the address is of 32 bits; src: the segment's base. */
HANDLER(xlat)
{
    word_t address = m->reg[REG_RBX] + AT(8, 0);
    if (op->imm & CUT_32) address = (uint32_t)address;
    if (op->imm & CUT_16) address = (uint16_t)address;
    address += AT(64, op->src);
    if (op->imm & CUT_SUM) address = (uint32_t)address;
    READ(memory_8, p, address);
    AT(8, 0) = *p;
    NEXT;
}

/* CRC-32C of imm bytes, as SSE4.2 defines it. */
#define CRC_STEP(crc) ((crc) >> 1 ^ (0x82f63b78 & (0 - ((crc)&1))))

static inline word_t crc32_of(word_t crc, word_t value, unsigned bytes)
{
    uint32_t c = (uint32_t)crc;
    for (unsigned i = 0; i < bytes; i++, value >>= 8) {
        c ^= (uint8_t)value;
        for (unsigned bit = 0; bit < 8; bit++) c = CRC_STEP(c);
    }
    return c;
}

HANDLER(crc32_rr)
{
    AT(64, op->dst) = crc32_of(
        AT(64, op->dst), AT(64, op->src - (op->src & 7)) >> (op->src & 7) * 8, (unsigned)op->imm);
    NEXT;
}

/* clang-format off */
#define CRC_MEMORY(bits) \
    HANDLER(crc32_rm_##bits) { READ(memory_##bits, p, EFFECTIVE_ADDRESS); AT(64, op->dst) = crc32_of(AT(64, op->dst), *p, bits / 8); NEXT; }
CRC_MEMORY(8) CRC_MEMORY(16) CRC_MEMORY(32) CRC_MEMORY(64)
    /* clang-format on */

    /* --- two words at once ------------------------------------------------------------------------------ */

    HANDLER(cmpxchg8b)
{
    WRITE(memory_64, p, EFFECTIVE_ADDRESS);
    word_t old = *p;
    word_t expected = m->reg[REG_RDX] << 32 | (uint32_t)m->reg[REG_RAX];
    word_t f = flags_gather(result, carry) & ~(word_t)FLAG_ZF;
    if (old == expected) {
        *p = m->reg[REG_RCX] << 32 | (uint32_t)m->reg[REG_RBX];
        f |= FLAG_ZF;
    } else {
        m->reg[REG_RAX] = (uint32_t)old;
        m->reg[REG_RDX] = old >> 32;
    }
    result = flags_result(f);
    carry = flags_carry(f);
    NEXT;
}

HANDLER(cmpxchg16b)
{
    word_t where = EFFECTIVE_ADDRESS;
    if (where % 16 && address_is_canonical(where)) RAISE(VECTOR_GP, 0);
    memory_64 *p = memory_write(m, op, where, 16);
    if (!p) STOP;
    word_t f = flags_gather(result, carry) & ~(word_t)FLAG_ZF;
    if (p[0] == m->reg[REG_RAX] && p[1] == m->reg[REG_RDX]) {
        p[0] = m->reg[REG_RBX];
        p[1] = m->reg[REG_RCX];
        f |= FLAG_ZF;
    } else {
        m->reg[REG_RAX] = p[0];
        m->reg[REG_RDX] = p[1];
    }
    result = flags_result(f);
    carry = flags_carry(f);
    NEXT;
}

/* --- segments --------------------------------------------------------------------------------------- */

/* imm: the segment register. */
HANDLER(mov_segment_r)
{
    if (!segment_load(m, (unsigned)op->imm, AT(16, op->src))) STOP;
    left -= op->before + 1;
    return core_leave(m, op_rip(m, op) + op->length, result, carry, left);
}

HANDLER(mov_segment_m)
{
    READ(memory_16, p, EFFECTIVE_ADDRESS);
    if (!segment_load(m, (unsigned)op->imm, *p)) STOP;
    left -= op->before + 1;
    return core_leave(m, op_rip(m, op) + op->length, result, carry, left);
}

HANDLER(mov_r_segment)
{
    uint16_t selector = *core_segment(m, (unsigned)op->imm);
    if (op->scale == WIDTH_16)
        AT(16, op->dst) = selector;
    else
        AT(64, op->dst) = selector;
    NEXT;
}

HANDLER(mov_m_segment)
{
    WRITE(memory_16, p, EFFECTIVE_ADDRESS);
    *p = *core_segment(m, (unsigned)op->imm);
    NEXT;
}

HANDLER(push_segment)
{
    word_t to = m->reg[REG_RSP] - 8;
    WRITE(memory_64, p, to);
    *p = *core_segment(m, (unsigned)op->imm);
    m->reg[REG_RSP] = to;
    NEXT;
}

HANDLER(pop_segment)
{
    READ(memory_64, p, m->reg[REG_RSP]);
    if (!segment_load(m, (unsigned)op->imm, (uint16_t)*p)) STOP;
    m->reg[REG_RSP] += 8;
    NEXT;
}

/* dst: the general register; src: the base's slot; imm: the base is written. */
HANDLER(segment_base)
{
    if (!(m->features & CPU_FSGSBASE)) RAISE(VECTOR_UD, 0);
    bool is_64 = op->scale == WIDTH_64;
    word_t from = AT(64, op->imm ? op->dst : op->src);
    if (!is_64) from = (uint32_t)from;
    if (op->imm && !address_is_canonical(from)) RAISE(VECTOR_GP, 0);
    AT(64, op->imm ? op->src : op->dst) = from;
    NEXT;
}

/* --- identification and time ------------------------------------------------------------------------ */

struct cpuid {
    uint32_t leaf, eax, ebx, ecx, edx;
};

/* An Intel Nehalem as the recordings' machine offered it: no AVX, XSAVE, MOVBE, FSGSBASE. */
static const struct cpuid cpuid_table[] = {
    { 0x00000000, 0x0000000b, 0x756e6547, 0x6c65746e, 0x49656e69 }, /* GenuineIntel */
    { 0x00000001, 0x000106a3, 0x00000800, 0x00982201, 0x078bfbfd },
    { 0x00000002, 0x00000001, 0x00000000, 0x0000004d, 0x002c307d },
    { 0x00000004, 0x00000000, 0x00000000, 0x00000000, 0x00000000 },
    { 0x00000005, 0x00000000, 0x00000000, 0x00000003, 0x00000000 },
    { 0x00000006, 0x00000004, 0x00000000, 0x00000000, 0x00000000 },
    { 0x00000007, 0x00000000, 0x00000000, 0x00000000, 0x00000000 },
    { 0x80000000, 0x80000008, 0x756e6547, 0x6c65746e, 0x49656e69 },
    { 0x80000001, 0x000106a3, 0x00000000, 0x00000001, 0x2c100800 },
    { 0x80000002, 0x65746e49, 0x6f43206c, 0x69206572, 0x78392037 }, /* Intel Core i7 9xx */
    { 0x80000003, 0x4e282078, 0x6c616865, 0x43206d65, 0x7373616c },
    { 0x80000004, 0x726f4320, 0x37692065, 0x00000029, 0x00000000 },
    { 0x80000008, 0x00003028, 0x00000000, 0x00000000, 0x00000000 },
};

enum { CPUID_FPU = 1 << 0, CPUID_MMX = 1 << 23 }; /* leaf 1, EDX */

/* A leaf beyond the last one answers as the last one does on Intel; unknown ones in between: zeros. */
HANDLER(cpuid)
{
    uint32_t leaf = (uint32_t)m->reg[REG_RAX];
    bool is_beyond = (leaf > 0xb && leaf < 0x80000000) || leaf > 0x80000008;
    struct cpuid answer = { 0 };
    if (is_beyond) leaf = 0xb;
    for (unsigned i = 0; i < sizeof cpuid_table / sizeof *cpuid_table; i++)
        if (cpuid_table[i].leaf == leaf) answer = cpuid_table[i];
    if (leaf == 7 && m->features & CPU_FSGSBASE) answer.ebx |= 1;
    if (leaf == 1 && m->features & CPU_NO_X87) answer.edx &= ~(uint32_t)(CPUID_FPU | CPUID_MMX);
    m->reg[REG_RAX] = answer.eax;
    m->reg[REG_RBX] = answer.ebx;
    m->reg[REG_RCX] = answer.ecx;
    m->reg[REG_RDX] = answer.edx;
    NEXT;
}

/* One tick a nanosecond of the deterministic clock. imm: RDTSCP, which also tells the processor. */
HANDLER(rdtsc)
{
    word_t now = core_clock(m, op, left);
    m->reg[REG_RAX] = (uint32_t)now;
    m->reg[REG_RDX] = now >> 32;
    if (op->imm) m->reg[REG_RCX] = 0;
    NEXT;
}
