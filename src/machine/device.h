/* SPDX-License-Identifier: BSD-2-Clause */
/* The devices of a PC as software meets them: the serial port COM1, the interval timer (PIT), the
 * high-precision timer (HPET), and firmware that says where they are. They live on the deterministic
 * clock: what a register holds and when a line rises follows from the clock and what was written.
 * Where nothing is, reads find ones and writes go nowhere.
 *
 * A device raises a *line*, a pin of the I/O APIC, at its rising edge. Who listens to a line is for
 * whoever asks; an edge that is not asked for in time can be let pass. */
#ifndef FAULTLINE_MACHINE_DEVICE_H
#define FAULTLINE_MACHINE_DEVICE_H

#include "machine/cpu.h"

enum device_line { LINE_PIT = 2, LINE_SERIAL = 4, LINE_COUNT = 24 };

enum { SERIAL_PORT = 0x3f8, SERIAL_PORTS = 8, SERIAL_FIFO = 240 };
enum { PIT_PORT = 0x40, PIT_CHANNELS = 3, PIT_GATE_PORT = 0x61 };
enum { HPET_SIZE = 0x400, HPET_TIMERS = 3, HPET_NS = 10 };
#define HPET_ADDRESS UINT64_C(0xfed00000)
#define DEVICE_NEVER (~UINT64_C(0))

/* A 16550: registers as written, and what has been received but not read. */
struct uart {
    uint8_t interrupt_enable, fifo_control, line_control, modem_control, scratch;
    uint8_t divisor[2];
    uint8_t is_sent; /* "transmitter empty" has not been told yet */
    uint8_t received[SERIAL_FIFO];
    word_t received_count;
    word_t is_used; /* software has touched it: somebody may read what is typed */
    word_t edge;    /* clock when the line rose, 0: it has not, or was heard */
};

/* One counter of the 8254. */
struct pit_channel {
    word_t start;   /* clock when it began to count */
    word_t passed;  /* edges up to this clock have been heard */
    uint32_t count; /* 1 to 65536; 0: it does not count yet */
    uint16_t latch;
    uint8_t mode, access; /* as in the command word */
    uint8_t low;          /* first of two bytes written */
    uint8_t expects_high; /* the second is to come */
    uint8_t reads_high;   /* likewise when reading */
    uint8_t latched;      /* bytes of `latch` that remain to be read */
    uint8_t unused[4];
};

struct hpet_timer {
    word_t config, comparator, period, route;
    word_t edge; /* clock when its line rises; 0: never */
};

struct hpet {
    word_t config, status;
    word_t counter, since; /* the main counter's value at that clock */
    struct hpet_timer timer[HPET_TIMERS];
};

struct devices {
    struct uart uart;
    struct pit_channel pit[PIT_CHANNELS];
    word_t pit_gate; /* port 0x61, bits 0 and 1 */
    struct hpet hpet;
};

static inline const struct devices *devices_at(const struct world *w)
{
    return (const struct devices *)arena_at(w, ARENA_DEVICES);
}

static inline struct devices *devices_edit(struct world *w)
{
    return (struct devices *)arena_edit(w, ARENA_DEVICES, sizeof(struct devices));
}

/* An access of 1, 2 or 4 bytes. A write returns the byte that went out on the serial line, or -1. */
word_t device_port_read(struct world *w, word_t port, unsigned bytes);
int device_port_write(struct world *w, word_t port, unsigned bytes, word_t value);

/* An access to physical memory where there is no RAM, at clock `now`. */
void device_memory_read(const struct world *w, paddr_t at, word_t now, void *to, unsigned bytes);
void device_memory_write(struct world *w, paddr_t at, word_t now, const void *from, unsigned bytes);

/* The clock value of the line's next edge, perhaps past; DEVICE_NEVER when nothing will raise it. */
word_t device_edge_at(const struct world *w, unsigned line);

/* Whether the line is high now, for who looks at levels. What only pulses is never high. */
bool device_line_is_high(const struct world *w, unsigned line);

/* All edges of the line up to now are heard, or missed. */
void device_edges_pass(struct world *w, unsigned line);

/* Serial input: whether software knows the port, whether there is room, and a byte that arrives now. */
bool device_serial_is_used(const struct world *w);
bool device_serial_has_room(const struct world *w);
void device_serial_type(struct world *w, uint8_t byte);
bool device_serial_tells_received(const struct world *w); /* its line rises for a byte */

/* uart.c */
word_t uart_read(struct world *w, word_t port);
int uart_write(struct world *w, word_t port, uint8_t value);

bool uart_line_is_high(const struct world *w);

/* pit.c */
word_t pit_read(struct world *w, word_t port);
void pit_write(struct world *w, word_t port, uint8_t value);
word_t pit_edge_at(const struct world *w);
bool pit_line_is_high(const struct world *w);

/* hpet.c: aligned registers of 8 bytes */
word_t hpet_read(const struct world *w, word_t offset, word_t now);
void hpet_write(struct world *w, word_t offset, word_t now, word_t value);
word_t hpet_edge_at(const struct world *w, unsigned line);
void hpet_edges_pass(struct world *w, unsigned line);

/* firmware.c: the tables that firmware leaves in memory: the ACPI root pointer at FIRMWARE_RSDP, what it
 * points to from `tables` on, in the last pages of memory. */
enum { FIRMWARE_RSDP = 0xf5a00, FIRMWARE_RSDP_SIZE = 20 };
void firmware_write(struct world *w, paddr_t tables);

#endif
