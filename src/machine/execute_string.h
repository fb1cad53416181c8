/* SPDX-License-Identifier: BSD-2-Clause */
/* String instructions: in both forms (execute.h). Each iteration is one unit of time; with REP the
 * instruction is left after any of them with the registers telling what remains. */

/* dst: enum operation; scale: width; src: base of the source's segment; index: enum repeat;
 * imm: enum address_cut, of addresses and counter. */
#define STRING_BYTES (1u << op->scale)

static inline word_t string_cut(word_t value, int32_t cut)
{
    return cut & CUT_32 ? (uint32_t)value : cut & CUT_16 ? (uint16_t)value : value;
}

/* Linear address of an offset in a segment with `base`. */
static inline word_t string_address(word_t offset, word_t base, int32_t cut)
{
    word_t address = string_cut(offset, cut) + base;
    return cut & CUT_SUM ? (uint32_t)address : address;
}

/* Writes the part of a register that addresses of this width use; 32 bits clear the upper half. */
static inline void string_set(struct core *m, const struct op *op, enum reg reg, word_t value)
{
    if (UNLIKELY(op->imm & CUT_16))
        AT(16, SLOT_OFFSET(reg)) = (uint16_t)value;
    else
        m->reg[reg] = string_cut(value, op->imm);
}

static inline void string_advance(struct core *m, const struct op *op, enum reg reg)
{
    word_t by = m->rflags & FLAG_DF ? 0 - (word_t)STRING_BYTES : STRING_BYTES;
    string_set(m, op, reg, m->reg[reg] + by);
}

static inline word_t string_load(const void *from, unsigned scale)
{
    switch (scale) {
    case WIDTH_8: return *(const memory_8 *)from;
    case WIDTH_16: return *(const memory_16 *)from;
    case WIDTH_32: return *(const memory_32 *)from;
    default: return *(const memory_64 *)from;
    }
}

static inline void string_store(void *to, word_t value, unsigned scale)
{
    switch (scale) {
    case WIDTH_8: *(memory_8 *)to = (uint8_t)value; break;
    case WIDTH_16: *(memory_16 *)to = (uint16_t)value; break;
    case WIDTH_32: *(memory_32 *)to = (uint32_t)value; break;
    default: *(memory_64 *)to = value; break;
    }
}

/* Flags of a - b in the operation's width. */
static inline void string_compare(word_t a, word_t b, unsigned scale, word_t *result, word_t *carry)
{
    unsigned bits = 8u << scale;
    word_t difference = (a - b) << (64 - bits);
    *result = (word_t)((int64_t)difference >> (64 - bits));
    *carry = carry_of_difference(a, b, difference >> (64 - bits), bits);
}

/* One iteration. False: it stops the instruction, and nothing has happened. */
static inline bool string_once(struct core *m, const struct op *op, word_t *result, word_t *carry)
{
    unsigned what = op->dst, scale = op->scale, size = STRING_BYTES;
    word_t si = string_address(m->reg[REG_RSI], AT(64, op->src), op->imm);
    word_t di = string_address(m->reg[REG_RDI], 0, op->imm);
    const void *source = NULL, *compared = NULL;
    void *target = NULL;

    bool has_source = what == OP_MOVS || what == OP_LODS || what == OP_CMPS;
    if (has_source && !(source = memory_read(m, op, si, size))) return false;
    word_t value = has_source ? string_load(source, scale) : m->reg[REG_RAX];
    if (what == OP_MOVS || what == OP_STOS) {
        if (!(target = memory_write(m, op, di, size))) return false;
        string_store(target, value, scale);
        memory_commit(m);
    } else if (what == OP_CMPS || what == OP_SCAS) {
        if (!(compared = memory_read(m, op, di, size))) return false;
        word_t mask = ~UINT64_C(0) >> (64 - 8 * size);
        string_compare(value & mask, string_load(compared, scale), scale, result, carry);
    } else if (scale == WIDTH_32)
        m->reg[REG_RAX] = value;
    else
        string_store(&m->reg[REG_RAX], value, scale);

    if (has_source) string_advance(m, op, REG_RSI);
    if (what != OP_LODS) string_advance(m, op, REG_RDI);
    return true;
}

HANDLER(string)
{
    if (!string_once(m, op, &result, &carry)) STOP;
    NEXT;
}

/* Whether the comparison just made ends the repetition. */
static inline bool string_ends(const struct op *op, word_t result)
{
    if (op->dst != OP_CMPS && op->dst != OP_SCAS) return false;
    return flag_zf(result) != (op->index == REPEAT_EQUAL);
}

/* A page that holds code may have been written: the rest has to wait until that is seen. */
static inline bool string_pauses(const struct core *m)
{
    return m->is_careful && m->world->stale;
}

/* How many elements from `address` on lie on a page with a translation for it; `tag` is that. */
static inline word_t string_reach(word_t address, word_t tag, unsigned size)
{
    word_t offset = address & (PAGE_SIZE - 1);
    return address - offset == tag ? (PAGE_SIZE - offset) / size : 0;
}

/* Upward MOVS and STOS inside pages that may be used as they are: at most `limit` iterations at once.
 * Returns how many; 0 when it has to go one by one. */
static inline word_t string_many(struct core *m, const struct op *op, word_t limit)
{
    word_t si = m->reg[REG_RSI] + AT(64, op->src), di = m->reg[REG_RDI];
    unsigned size = STRING_BYTES, scale = op->scale;
    bool is_copy = op->dst == OP_MOVS;
    if (CAREFUL || op->imm || m->rflags & FLAG_DF || (op->dst != OP_STOS && !is_copy)) return 0;
    const struct translation *from = &m->tlb[si >> PAGE_BITS & (TRANSLATIONS - 1)];
    const struct translation *to = &m->tlb[di >> PAGE_BITS & (TRANSLATIONS - 1)];
    word_t n = string_reach(di, to->write, size), reach = string_reach(si, from->read, size);
    if (is_copy && reach < n) n = reach;
    if (limit < n) n = limit;
    uint8_t *out = (uint8_t *)(to->host + di);
    const uint8_t *in = (const uint8_t *)(from->host + si);
    for (word_t i = 0; i < n; i++)
        string_store(out + i * size, is_copy ? string_load(in + i * size, scale) : m->reg[REG_RAX],
                     scale);
    m->reg[REG_RDI] += n * size;
    if (is_copy) m->reg[REG_RSI] += n * size;
    m->reg[REG_RCX] -= n;
    return n;
}

HANDLER(string_repeated)
{
    left -= op->before;
    word_t count = string_cut(m->reg[REG_RCX], op->imm), rip = op_rip(m, op);
    bool is_done = count == 0, has_started = false;
    while (!is_done && left > 0 && !string_pauses(m)) {
        word_t many = string_many(m, op, count < (word_t)left ? count : (word_t)left);
        if (many) {
            left -= (int64_t)many;
            count -= many;
        } else {
            if (!string_once(m, op, &result, &carry)) break;
            left--;
            string_set(m, op, REG_RCX, --count);
        }
        has_started = true;
        is_done = count == 0 || string_ends(op, result);
    }
    if (!is_done && has_started) m->rflags |= FLAG_RF; /* a breakpoint here has had its turn */
    if (!is_done) return core_leave(m, rip, result, carry, left);
    if (!has_started) left--;
    FOLLOW(rip + op->length);
}
