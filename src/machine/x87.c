/* SPDX-License-Identifier: BSD-2-Clause */
/* State of x87: between image and host, and the instructions that store and load it whole. What they
 * compute is in x87_host.c. SIMPLIFIED: selectors of the last instruction and operand are stored as 0. */
#include "machine/x87.h"
#include "machine/core.h"

#include <string.h>

/* The FXSAVE image. Registers are in the order of the stack, each in 16 bytes. */
enum image {
    IMAGE_CONTROL = 0,
    IMAGE_STATUS = 2,
    IMAGE_TAGS = 4, /* a bit for each physical register: in use */
    IMAGE_OPCODE = 6,
    IMAGE_IP = 8,
    IMAGE_DATA = 16,
    IMAGE_MXCSR = 24,
    IMAGE_MXCSR_MASK = 28,
    IMAGE_REGISTERS = 32,
    IMAGE_END = 416, /* behind XMM15 */
};

enum {
    STATUS_EXCEPTIONS = 0x3f,
    STATUS_PENDING = 1 << 7,
    STATUS_BUSY = 1 << 15,
    CONTROL_MASKS = 0x3f,
    CONTROL_FIXED = 1 << 6,
    CONTROL_BITS = 0x1f7f,
    CONTROL_RESET = 0x37f,
    OPCODE_BITS = 0x7ff,
};

static uint16_t get_16(const uint8_t *at)
{
    uint16_t value;
    memcpy(&value, at, sizeof value);
    return value;
}

static word_t get_64(const uint8_t *at)
{
    word_t value;
    memcpy(&value, at, sizeof value);
    return value;
}

static void put_16(uint8_t *at, unsigned value)
{
    uint16_t v = (uint16_t)value;
    memcpy(at, &v, sizeof v);
}

static void put_64(uint8_t *at, word_t value)
{
    memcpy(at, &value, sizeof value);
}

/* --- kinds ------------------------------------------------------------------------------------------ */

/* clang-format off */
#define L16 X87_LOAD_16
#define L32 X87_LOAD_32
#define L64 X87_LOAD_64
#define L80 X87_LOAD_80
#define S16 X87_STORE_16
#define S32 X87_STORE_32
#define S64 X87_STORE_64
#define S80 X87_STORE_80
#define ENV X87_STATE
static const uint8_t kind_in_memory[8][8] = {
    { L32, L32, L32, L32, L32, L32,              L32, L32 },
    { L32, 0,   S32, S32, ENV, X87_LOAD_CONTROL, ENV, X87_STORE_WORD },
    { L32, L32, L32, L32, L32, L32,              L32, L32 },
    { L32, S32, S32, S32, 0,   L80,              0,   S80 },
    { L64, L64, L64, L64, L64, L64,              L64, L64 },
    { L64, S64, S64, S64, ENV, 0,                ENV, X87_STORE_WORD },
    { L16, L16, L16, L16, L16, L16,              L16, L16 },
    { L16, S16, S16, S16, L80, L64,              S80, S64 },
};
/* clang-format on */

enum x87_kind x87_kind_of(unsigned opcode)
{
    unsigned escape = opcode >> 8 & 7, reg = opcode >> 3 & 7;
    if ((opcode & 0xc0) != 0xc0) return kind_in_memory[escape][reg];
    bool is_move = (escape == 2 || escape == 3) && reg < 4;
    bool is_compare = (escape == 3 || escape == 7) && (reg == 5 || reg == 6);
    if (is_move || is_compare) return X87_FLAGS;
    if (opcode == 0x3e3) return X87_INIT;
    if (opcode >= 0x3e0 && opcode <= 0x3e4) return X87_CLEAR; /* the 8087's FENI, FDISI, too */
    if (opcode == 0x7e0) return X87_STATUS_AX;
    return X87_RUN;
}

unsigned x87_snippet_of(unsigned opcode)
{
    unsigned escape = opcode >> 8 & 7;
    if ((opcode & 0xc0) == 0xc0) return escape * 64 + (opcode & 63);
    return 512 + escape * 8 + (opcode >> 3 & 7);
}

static unsigned top_of(const uint8_t *image)
{
    return image[IMAGE_STATUS + 1] >> 3 & 7;
}

/* --- tags ------------------------------------------------------------------------------------------- */

enum { TAG_VALID, TAG_ZERO, TAG_SPECIAL, TAG_EMPTY };

static unsigned tag_of(const uint8_t *value)
{
    word_t significand = get_64(value);
    unsigned exponent = get_16(value + 8) & 0x7fff;
    if (exponent == 0 && significand == 0) return TAG_ZERO;
    bool is_normal = exponent && exponent != 0x7fff && significand >> 63;
    return is_normal ? TAG_VALID : TAG_SPECIAL;
}

/* Two bits for each physical register, as FNSTENV stores them. */
static unsigned tags_full(const uint8_t *image)
{
    unsigned top = top_of(image), tags = 0;
    for (unsigned i = 0; i < 8; i++) {
        const uint8_t *value = image + IMAGE_REGISTERS + 16 * ((i - top) & 7);
        bool is_used = image[IMAGE_TAGS] >> i & 1;
        tags |= (is_used ? tag_of(value) : TAG_EMPTY) << 2 * i;
    }
    return tags;
}

static uint8_t tags_short(unsigned full)
{
    unsigned tags = 0;
    for (unsigned i = 0; i < 8; i++)
        if ((full >> 2 * i & 3) != TAG_EMPTY) tags |= 1u << i;
    return (uint8_t)tags;
}

/* --- image and host --------------------------------------------------------------------------------- */

/* What the processor derives: fixed bits, and whether an exception is pending. */
static void image_settle(uint8_t *image)
{
    unsigned control = (get_16(image + IMAGE_CONTROL) & CONTROL_BITS) | CONTROL_FIXED;
    unsigned status = get_16(image + IMAGE_STATUS) & ~(unsigned)(STATUS_PENDING | STATUS_BUSY);
    if (status & ~control & STATUS_EXCEPTIONS) status |= STATUS_PENDING | STATUS_BUSY;
    put_16(image + IMAGE_CONTROL, control);
    put_16(image + IMAGE_STATUS, status);
}

/* The image has the registers from the top on. When another one becomes it, they stay what they are. */
static void image_turn(uint8_t *image, unsigned old_top)
{
    uint8_t old[128], *registers = image + IMAGE_REGISTERS;
    unsigned by = top_of(image) - old_top;
    memcpy(old, registers, sizeof old);
    for (unsigned i = 0; i < 8; i++) memcpy(registers + 16 * i, old + 16 * ((i + by) & 7), 16);
}

static void image_reset(uint8_t *image)
{
    unsigned old_top = top_of(image);
    memset(image, 0, IMAGE_MXCSR);
    put_16(image + IMAGE_CONTROL, CONTROL_RESET);
    image_turn(image, old_top);
}

void x87_look(struct core *m)
{
    m->x87.may_trap = ~x87_control() & CONTROL_MASKS;
}

void x87_reset(struct core *m)
{
    m->x87.may_trap = false;
    m->x87.ip = m->x87.data = 0;
    m->x87.opcode = 0;
}

bool x87_is_offered(struct core *m)
{
    bool is_disabled = core_fpu_is_disabled(m);
    if (!is_disabled && !(m->features & CPU_NO_X87) && x87_is_available()) return true;
    core_raise(m, is_disabled ? VECTOR_NM : VECTOR_UD, 0);
    return false;
}

bool x87_enter(struct core *m)
{
    if (!x87_is_offered(m)) return false;
    const uint8_t *image = m->fpu;
    uint8_t saved[X87_SAVED] = { 0 };
    put_16(saved, get_16(image + IMAGE_CONTROL));
    put_16(saved + 4, get_16(image + IMAGE_STATUS));
    put_16(saved + 8, tags_full(image));
    for (unsigned i = 0; i < 8; i++)
        memcpy(saved + 28 + 10 * i, image + IMAGE_REGISTERS + 16 * i, 10);
    m->x87 = (struct x87){ .is_live = true,
                           .host_control = x87_control(),
                           .opcode = get_16(image + IMAGE_OPCODE),
                           .ip = get_64(image + IMAGE_IP),
                           .data = get_64(image + IMAGE_DATA) };
    x87_host_load(saved);
    x87_look(m);
    return true;
}

void x87_leave(struct core *m)
{
    uint8_t saved[X87_SAVED], *image = m->fpu;
    if (!m->x87.is_live) return;
    m->x87.is_live = false;
    x87_host_save(saved);
    if (m->x87.host_control != CONTROL_RESET) x87_set_control(m->x87.host_control);
    put_16(image + IMAGE_CONTROL, get_16(saved));
    put_16(image + IMAGE_STATUS, get_16(saved + 4));
    image[IMAGE_TAGS] = tags_short(get_16(saved + 8));
    for (unsigned i = 0; i < 8; i++)
        memcpy(image + IMAGE_REGISTERS + 16 * i, saved + 28 + 10 * i, 10);
    put_16(image + IMAGE_OPCODE, m->x87.opcode);
    put_64(image + IMAGE_IP, m->x87.ip);
    put_64(image + IMAGE_DATA, m->x87.data);
}

/* --- large operands --------------------------------------------------------------------------------- */

enum { CHUNK = 16 };

static unsigned chunk_at(unsigned at, unsigned size)
{
    return size - at < CHUNK ? size - at : CHUNK;
}

static bool area_read(struct core *m, const struct op *op, word_t from, uint8_t *to, unsigned size)
{
    for (unsigned at = 0; at < size; at += CHUNK) {
        const uint8_t *p = memory_read(m, op, from + at, chunk_at(at, size));
        if (!p) return false;
        memcpy(to + at, p, chunk_at(at, size));
    }
    return true;
}

/* In the careful form only. All of it is tried before anything is written. */
static bool area_write(struct core *m, const struct op *op, word_t to, const uint8_t *from,
                       unsigned size)
{
    if (!m->is_careful) {
        m->is_careful = true;
        return false;
    }
    for (unsigned at = 0; at < size; at += CHUNK) {
        if (!memory_write(m, op, to + at, chunk_at(at, size))) return false;
        m->bounce_size = 0;
    }
    for (unsigned at = 0; at < size; at += CHUNK) {
        uint8_t *p = memory_write(m, op, to + at, chunk_at(at, size));
        if (!p) return false;
        memcpy(p, from + at, chunk_at(at, size));
        memory_commit(m);
    }
    return true;
}

/* --- environment ------------------------------------------------------------------------------------ */

/* Seven fields, each of 4 bytes or, short, of 2; what a field does not fill is ones. */
static unsigned environment_store(const uint8_t *image, bool is_short, uint8_t *out)
{
    word_t ip = get_64(image + IMAGE_IP), data = get_64(image + IMAGE_DATA);
    unsigned size = is_short ? 2 : 4;
    const word_t field[7] = {
        0xffff0000u | get_16(image + IMAGE_CONTROL),
        0xffff0000u | get_16(image + IMAGE_STATUS),
        0xffff0000u | tags_full(image),
        ip,
        is_short ? 0 : (word_t)get_16(image + IMAGE_OPCODE) << 16,
        data,
        0xffff0000u,
    };
    for (unsigned i = 0; i < 7; i++) memcpy(out + size * i, &field[i], size);
    return size * 7;
}

static unsigned environment_load(uint8_t *image, bool is_short, const uint8_t *in)
{
    unsigned size = is_short ? 2 : 4;
    word_t field[7] = { 0 };
    for (unsigned i = 0; i < 7; i++) memcpy(&field[i], in + size * i, size);
    put_16(image + IMAGE_CONTROL, (uint16_t)field[0]);
    put_16(image + IMAGE_STATUS, (uint16_t)field[1]);
    put_16(image + IMAGE_TAGS, tags_short((uint16_t)field[2]));
    put_64(image + IMAGE_IP, field[3]);
    put_16(image + IMAGE_OPCODE, is_short ? 0 : field[4] >> 16 & OPCODE_BITS);
    put_64(image + IMAGE_DATA, field[5]);
    image_settle(image);
    return size * 7;
}

static bool environment_put(struct core *m, const struct op *op, word_t address, bool is_short,
                            bool has_registers)
{
    uint8_t area[X87_SAVED];
    unsigned size = environment_store(m->fpu, is_short, area);
    for (unsigned i = 0; has_registers && i < 8; i++, size += 10)
        memcpy(area + size, m->fpu + IMAGE_REGISTERS + 16 * i, 10);
    if (!area_write(m, op, address, area, size)) return false;
    if (has_registers) {
        image_reset(m->fpu);
    } else {
        m->fpu[IMAGE_CONTROL] |= CONTROL_MASKS;
        image_settle(m->fpu);
    }
    return true;
}

static bool environment_take(struct core *m, const struct op *op, word_t address, bool is_short,
                             bool has_registers)
{
    uint8_t area[X87_SAVED];
    unsigned size = (is_short ? 14u : 28u) + (has_registers ? 80u : 0);
    if (!area_read(m, op, address, area, size)) return false;
    unsigned old_top = top_of(m->fpu), at = environment_load(m->fpu, is_short, area);
    if (!has_registers) image_turn(m->fpu, old_top);
    for (unsigned i = 0; has_registers && i < 8; i++, at += 10)
        memcpy(m->fpu + IMAGE_REGISTERS + 16 * i, area + at, 10);
    return true;
}

bool x87_state(struct core *m, const struct op *op, word_t address, unsigned opcode, bool is_short)
{
    bool is_store = (opcode >> 3 & 7) == 6, has_registers = opcode >> 8 == 5;
    x87_leave(m);
    return is_store ? environment_put(m, op, address, is_short, has_registers)
                    : environment_take(m, op, address, is_short, has_registers);
}

/* --- FXSAVE ----------------------------------------------------------------------------------------- */

static bool fx_begin(struct core *m, word_t address)
{
    bool is_disabled = core_fpu_is_disabled(m);
    if (is_disabled || (address % 16 && address_is_canonical(address))) {
        core_raise(m, is_disabled ? VECTOR_NM : VECTOR_GP, 0);
        return false;
    }
    x87_leave(m);
    return true;
}

/* Without REX.W the upper halves of the addresses are selectors. */
static void fx_shorten(uint8_t *image)
{
    memset(image + IMAGE_IP + 4, 0, 4);
    memset(image + IMAGE_DATA + 4, 0, 4);
}

bool fxsave(struct core *m, const struct op *op, word_t address, bool is_long)
{
    uint8_t area[IMAGE_END];
    if (!fx_begin(m, address)) return false;
    memcpy(area, m->fpu, sizeof area);
    if (!is_long) fx_shorten(area);
    return area_write(m, op, address, area, sizeof area);
}

bool fxrstor(struct core *m, const struct op *op, word_t address, bool is_long)
{
    uint8_t area[IMAGE_END];
    uint32_t mxcsr;
    if (!fx_begin(m, address) || !area_read(m, op, address, area, sizeof area)) return false;
    memcpy(&mxcsr, area + IMAGE_MXCSR, sizeof mxcsr);
    if (mxcsr >> 16) {
        core_raise(m, VECTOR_GP, 0);
        return false;
    }
    if (!is_long) fx_shorten(area);
    area[IMAGE_TAGS + 1] = 0;
    area[IMAGE_OPCODE + 1] &= OPCODE_BITS >> 8;
    memcpy(area + IMAGE_MXCSR_MASK, m->fpu + IMAGE_MXCSR_MASK, 4);
    for (unsigned i = 0; i < 8; i++) memset(area + IMAGE_REGISTERS + 16 * i + 10, 0, 6);
    image_settle(area);
    memcpy(m->fpu, area, sizeof area);
    return true;
}
