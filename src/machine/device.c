/* SPDX-License-Identifier: BSD-2-Clause */
/* Which device answers at a port or an address, and which raises a line. */
#include "machine/device.h"

#include <string.h>

_Static_assert(sizeof(struct devices) <= ARENA_KERNEL - ARENA_DEVICES,
               "the devices have their place");
_Static_assert(sizeof(struct cpu) <= ARENA_DEVICES - ARENA_MACHINE, "the processor has its place");

/* ---- Ports ---- */

static bool is_pit(word_t port)
{
    return (port >= PIT_PORT && port <= PIT_PORT + PIT_CHANNELS) || port == PIT_GATE_PORT;
}

static word_t port_read_byte(struct world *w, word_t port)
{
    if (port - SERIAL_PORT < SERIAL_PORTS) return uart_read(w, port - SERIAL_PORT);
    if (is_pit(port)) return pit_read(w, port);
    return 0xff;
}

word_t device_port_read(struct world *w, word_t port, unsigned bytes)
{
    word_t value = 0;
    for (unsigned i = 0; i < bytes; i++) value |= port_read_byte(w, port + i) << 8 * i;
    return value;
}

int device_port_write(struct world *w, word_t port, unsigned bytes, word_t value)
{
    int sent = -1;
    for (unsigned i = 0; i < bytes; i++) {
        word_t at = port + i;
        uint8_t byte = (uint8_t)(value >> 8 * i);
        if (at - SERIAL_PORT < SERIAL_PORTS) {
            int out = uart_write(w, at - SERIAL_PORT, byte);
            if (out >= 0) sent = out;
        } else if (is_pit(at)) {
            pit_write(w, at, byte);
        }
    }
    return sent;
}

/* ---- Memory ---- */

static bool is_hpet(paddr_t at, unsigned bytes)
{
    return at >= HPET_ADDRESS && at + bytes <= HPET_ADDRESS + HPET_SIZE;
}

/* Registers are of 8 bytes; an access takes as much of them as it covers. */
void device_memory_read(const struct world *w, paddr_t at, word_t now, void *to, unsigned bytes)
{
    uint8_t *out = to;
    memset(out, 0xff, bytes);
    if (!is_hpet(at, bytes)) return;
    for (unsigned i = 0; i < bytes; i++) {
        word_t offset = at + i - HPET_ADDRESS;
        out[i] = (uint8_t)(hpet_read(w, offset & ~UINT64_C(7), now) >> 8 * (offset & 7));
    }
}

void device_memory_write(struct world *w, paddr_t at, word_t now, const void *from, unsigned bytes)
{
    const uint8_t *in = from;
    if (!is_hpet(at, bytes)) return;
    for (unsigned i = 0; i < bytes;) {
        word_t offset = (at + i - HPET_ADDRESS) & ~UINT64_C(7);
        word_t value = hpet_read(w, offset, now);
        uint8_t byte[8];
        memcpy(byte, &value, sizeof byte);
        do {
            byte[(at + i) & 7] = in[i];
            i++;
        } while (i < bytes && (at + i) & 7);
        memcpy(&value, byte, sizeof value);
        hpet_write(w, offset, now, value);
    }
}

/* ---- Lines ---- */

word_t device_edge_at(const struct world *w, unsigned line)
{
    const struct devices *d = devices_at(w);
    word_t at = hpet_edge_at(w, line);
    if (line == LINE_PIT && pit_edge_at(w) < at) at = pit_edge_at(w);
    if (line == LINE_SERIAL && d->uart.edge && d->uart.edge < at) at = d->uart.edge;
    return at;
}

bool device_line_is_high(const struct world *w, unsigned line)
{
    if (line == LINE_SERIAL) return uart_line_is_high(w);
    return line == LINE_PIT && pit_line_is_high(w);
}

void device_edges_pass(struct world *w, unsigned line)
{
    word_t now = cpu_at(w)->clock;
    if (device_edge_at(w, line) > now) return;
    hpet_edges_pass(w, line);
    if (line == LINE_PIT) devices_edit(w)->pit[0].passed = now;
    if (line == LINE_SERIAL) devices_edit(w)->uart.edge = 0;
}
