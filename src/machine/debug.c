/* SPDX-License-Identifier: BSD-2-Clause */
/* The debug registers: breakpoints on instructions and data, and the single-step trap.
 *
 * An instruction breakpoint is a fault before its instruction, unless RF is set or a MOV SS came just
 * before; data breakpoints and TF are traps behind the instruction (with REP: the iteration), reported
 * together. While breakpoints on instructions are enabled, each instruction runs alone. Pages with
 * watched data get no translation, so that accesses to them leave the fast path, and no other does.
 *
 * Intel's manual, volume 3, chapter 17 (debug registers, RF) and 6.8.3 (MOV SS). Which breakpoints are
 * reported though not enabled is the processor's choice: here none. */
#include "machine/core.h"

enum { RUNS_INSTRUCTION, WRITES_DATA, IO_PORT, ACCESSES_DATA };

static bool is_overlapping(const struct core *m, unsigned n, word_t address, unsigned size)
{
    word_t first = m->debug.address[n], last = first + m->debug.size[n] - 1;
    return address <= last && first <= address + size - 1;
}

/* Without CR4.DE a breakpoint on I/O ports is undefined: it never hits. */
static void breakpoint_load(struct core *m, const struct cpu *cpu, unsigned n)
{
    static const uint8_t bytes[4] = { 1, 2, 8, 4 };
    uint8_t bit = (uint8_t)(1 << n), size = bytes[cpu->dr[7] >> (18 + 4 * n) & 3];
    unsigned type = cpu->dr[7] >> (16 + 4 * n) & 3;
    if (type == RUNS_INSTRUCTION) size = 1; /* other lengths are undefined */
    m->debug.size[n] = size;
    m->debug.address[n] = cpu->dr[n] & ~(word_t)(size - 1);
    if (type == RUNS_INSTRUCTION) m->debug.on_execute |= bit;
    if (type == WRITES_DATA || type == ACCESSES_DATA) m->debug.on_write |= bit;
    if (type == ACCESSES_DATA) m->debug.on_read |= bit;
}

void debug_withhold(struct core *m)
{
    for (unsigned n = 0; n < 4 && m->debug.on_write; n++)
        if (m->debug.on_write >> n & 1) memory_withhold(m, m->debug.address[n]);
}

void debug_load(struct core *m, struct cpu *cpu)
{
    m->debug.on_execute = m->debug.on_write = m->debug.on_read = m->debug.hits = 0;
    for (unsigned n = 0; n < 4 && cpu->dr[7] & DR7_ENABLE; n++)
        if (cpu->dr[7] >> 2 * n & 3) breakpoint_load(m, cpu, n);
    debug_withhold(m);
    m->has_loaded_stack = cpu->has_loaded_stack;
    if (cpu->debug_pending && !cpu->has_loaded_stack) debug_trap(m, cpu, false);
}

bool debug_withholds(const struct core *m, word_t address)
{
    for (unsigned n = 0; n < 4; n++)
        if (m->debug.on_write >> n & 1 && (m->debug.address[n] ^ address) < PAGE_SIZE) return true;
    return false;
}

bool debug_access(struct core *m, word_t address, unsigned size, bool is_write)
{
    unsigned hits = 0, kinds = is_write ? m->debug.on_write : m->debug.on_read;
    for (unsigned n = 0; n < 4; n++)
        if (kinds >> n & 1 && is_overlapping(m, n, address, size)) hits |= 1u << n;
    if (hits && !m->is_careful) {
        m->is_careful = true;
        return false;
    }
    m->debug.hits |= (uint8_t)hits;
    return true;
}

/* Bits B0 to B3 tell of this exception alone; BS stays until software clears it. */
static void debug_raise(struct core *m, struct cpu *cpu, word_t conditions)
{
    m->trap = (struct trap){ .kind = TRAP_EXCEPTION, .vector = VECTOR_DB };
    cpu->dr[6] = (cpu->dr[6] & ~(word_t)DR6_BREAKPOINTS) | conditions;
}

bool debug_fault(struct core *m, struct cpu *cpu)
{
    unsigned hits = 0;
    if (m->rflags & FLAG_RF || m->has_loaded_stack) return false;
    for (unsigned n = 0; n < 4; n++)
        if (m->debug.on_execute >> n & 1 && m->debug.address[n] == m->rip) hits |= 1u << n;
    if (hits) debug_raise(m, cpu, hits);
    return hits;
}

/* SIMPLIFIED: what MOV SS held back is lost if the next instruction traps itself. */
void debug_trap(struct core *m, struct cpu *cpu, bool traces)
{
    cpu->debug_pending |= m->debug.hits;
    if (m->has_loaded_stack) return;
    word_t conditions = cpu->debug_pending | (traces ? DR6_SINGLE_STEP : 0);
    cpu->debug_pending = 0;
    if (conditions) debug_raise(m, cpu, conditions);
}
