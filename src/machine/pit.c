/* SPDX-License-Identifier: BSD-2-Clause */
/* The interval timer of a PC, an 8254 at 1.193182 MHz. Counter 0 raises a line; the other two only
 * count. Modes 1 and 5 wait for a gate that is never pulsed, so they do not count. */
#include "machine/device.h"

__extension__ typedef unsigned __int128 wide_t;

enum { PIT_HZ = 1193182, NS_PER_SECOND = 1000000000 };
enum { COMMAND_PORT = PIT_PORT + PIT_CHANNELS };
enum { ACCESS_LATCH, ACCESS_LOW, ACCESS_HIGH, ACCESS_BOTH };
enum { MODE_ONCE = 0, MODE_RATE = 2, MODE_SQUARE = 3, MODE_STROBE = 4 };
enum { GATE_BITS = 3, OUTPUT_BIT = 0x20 };

static word_t ticks_in(word_t ns)
{
    return (word_t)((wide_t)ns * PIT_HZ / NS_PER_SECOND);
}

/* Rounded up, so that ticks_in() of it are that many. */
static word_t ns_of(word_t ticks)
{
    return (word_t)(((wide_t)ticks * NS_PER_SECOND + PIT_HZ - 1) / PIT_HZ);
}

static bool is_periodic(const struct pit_channel *c)
{
    return c->mode == MODE_RATE || c->mode == MODE_SQUARE;
}

static bool counts(const struct pit_channel *c)
{
    return c->count && (is_periodic(c) || c->mode == MODE_ONCE || c->mode == MODE_STROBE);
}

static word_t value_of(const struct world *w, const struct pit_channel *c)
{
    if (!counts(c)) return 0;
    word_t ticks = ticks_in(cpu_at(w)->clock - c->start);
    if (c->mode == MODE_SQUARE) return c->count - ticks * 2 % c->count;
    return is_periodic(c) ? c->count - ticks % c->count : c->count - ticks;
}

/* Whether a counter's output is high: counter 0's is the line, counter 2's port 0x61 shows. */
static bool output_of(const struct world *w, const struct pit_channel *c)
{
    word_t ticks = ticks_in(cpu_at(w)->clock - c->start);
    if (!counts(c)) return c->mode != MODE_ONCE;
    if (c->mode == MODE_SQUARE) return ticks % c->count < (c->count + 1) / 2;
    return is_periodic(c) ? ticks % c->count != c->count - 1 : ticks >= c->count;
}

word_t pit_edge_at(const struct world *w)
{
    const struct pit_channel *c = &devices_at(w)->pit[0];
    if (!counts(c)) return DEVICE_NEVER;
    word_t passed = c->passed > c->start ? c->passed - c->start : 0;
    word_t periods = ticks_in(passed) / c->count;
    if (periods && !is_periodic(c)) return DEVICE_NEVER;
    return c->start + ns_of((periods + 1) * c->count);
}

bool pit_line_is_high(const struct world *w)
{
    return output_of(w, &devices_at(w)->pit[0]);
}

/* ---- Ports ---- */

static word_t read_counter(struct world *w, struct pit_channel *c)
{
    word_t value = c->latched ? c->latch : value_of(w, c);
    bool high = c->access == ACCESS_HIGH || (c->access == ACCESS_BOTH && c->reads_high);
    if (c->access == ACCESS_BOTH) c->reads_high = !c->reads_high;
    if (c->latched) c->latched--;
    return high ? value >> 8 & 0xff : value & 0xff;
}

word_t pit_read(struct world *w, word_t port)
{
    struct devices *d = devices_edit(w);
    if (port == PIT_GATE_PORT) return d->pit_gate | (output_of(w, &d->pit[2]) ? OUTPUT_BIT : 0u);
    return port == COMMAND_PORT ? 0xff : read_counter(w, &d->pit[port - PIT_PORT]);
}

static void start_counting(struct world *w, struct pit_channel *c, uint32_t count)
{
    c->count = count ? count : 65536;
    c->start = c->passed = cpu_at(w)->clock;
}

static void write_counter(struct world *w, struct pit_channel *c, uint8_t value)
{
    if (c->access == ACCESS_LOW) {
        start_counting(w, c, value);
    } else if (c->access == ACCESS_HIGH) {
        start_counting(w, c, (uint32_t)value << 8);
    } else if (c->expects_high) {
        c->expects_high = 0;
        start_counting(w, c, (uint32_t)value << 8 | c->low);
    } else {
        c->low = value;
        c->expects_high = 1;
    }
}

static void latch(struct world *w, struct pit_channel *c)
{
    if (c->latched) return;
    c->latch = (uint16_t)value_of(w, c);
    c->latched = c->access == ACCESS_BOTH ? 2 : 1;
    c->reads_high = 0;
}

/* A new mode stops the counter until it is given a count. */
static void take_command(struct world *w, uint8_t value)
{
    unsigned channel = value >> 6, access = value >> 4 & 3, mode = value >> 1 & 7;
    if (channel >= PIT_CHANNELS) return;
    struct pit_channel *c = &devices_edit(w)->pit[channel];
    if (access == ACCESS_LATCH) {
        latch(w, c);
        return;
    }
    *c = (struct pit_channel){ .access = (uint8_t)access,
                               .mode = (uint8_t)(mode > 5 ? mode & 3 : mode) };
}

void pit_write(struct world *w, word_t port, uint8_t value)
{
    struct devices *d = devices_edit(w);
    if (port == PIT_GATE_PORT) {
        d->pit_gate = value & GATE_BITS;
    } else if (port == COMMAND_PORT) {
        take_command(w, value);
    } else {
        write_counter(w, &d->pit[port - PIT_PORT], value);
    }
}
