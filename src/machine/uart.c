/* SPDX-License-Identifier: BSD-2-Clause */
/* COM1, a 16550. What is sent is out at once. The receiver is never overrun: a byte waits outside until
 * there is room. Its line is high while there is something to tell.
 * SIMPLIFIED: it keeps 240 bytes, so that a person can type a line; the chip keeps 16. */
#include "machine/device.h"

#include <string.h>

enum register_of_port {
    DATA,             /* also the divisor's low byte */
    INTERRUPT_ENABLE, /* also its high byte */
    IDENTIFICATION,   /* FIFO control when written */
    LINE_CONTROL,
    MODEM_CONTROL,
    LINE_STATUS,
    MODEM_STATUS,
    SCRATCH,
};

enum { ENABLE_RECEIVED = 1, ENABLE_SENT = 2, ENABLE_ALL = 0x0f };
enum { NOTHING_TO_TELL = 1, TELLS_SENT = 2, TELLS_RECEIVED = 4, HAS_FIFO = 0xc0 };
enum { FIFO_ENABLE = 1, FIFO_CLEAR_RECEIVER = 2 };
enum { DIVISOR_ACCESS = 0x80 };
enum { STATUS_RECEIVED = 1, STATUS_TRANSMITTER_EMPTY = 0x60 };
enum { MODEM_ALL_WELL = 0xb0 }; /* carrier, data set ready, clear to send */

static unsigned what_to_tell(const struct uart *s)
{
    if (s->interrupt_enable & ENABLE_RECEIVED && s->received_count) return TELLS_RECEIVED;
    if (s->interrupt_enable & ENABLE_SENT && s->is_sent) return TELLS_SENT;
    return NOTHING_TO_TELL;
}

bool uart_line_is_high(const struct world *w)
{
    return what_to_tell(&devices_at(w)->uart) != NOTHING_TO_TELL;
}

/* After every change: the line follows, whose height before was `told`. */
static void follow(struct world *w, struct uart *s, unsigned told)
{
    word_t now = cpu_at(w)->clock;
    if (told == NOTHING_TO_TELL && what_to_tell(s) != NOTHING_TO_TELL) s->edge = now ? now : 1;
    if (what_to_tell(s) == NOTHING_TO_TELL) s->edge = 0;
}

static word_t take_received(struct uart *s)
{
    if (!s->received_count) return 0;
    uint8_t byte = s->received[0];
    s->received_count--;
    memmove(s->received, s->received + 1, s->received_count);
    return byte;
}

static word_t identify(struct uart *s)
{
    unsigned what = what_to_tell(s);
    if (what == TELLS_SENT) s->is_sent = 0;
    return what | (s->fifo_control & FIFO_ENABLE ? HAS_FIFO : 0u);
}

word_t uart_read(struct world *w, word_t port)
{
    struct uart *s = &devices_edit(w)->uart;
    bool divisor = s->line_control & DIVISOR_ACCESS;
    unsigned told = what_to_tell(s);
    word_t value = 0;
    s->is_used = 1;
    switch (port) {
    case DATA: value = divisor ? s->divisor[0] : take_received(s); break;
    case INTERRUPT_ENABLE: value = divisor ? s->divisor[1] : s->interrupt_enable; break;
    case IDENTIFICATION: value = identify(s); break;
    case LINE_CONTROL: value = s->line_control; break;
    case MODEM_CONTROL: value = s->modem_control; break;
    case LINE_STATUS:
        value = STATUS_TRANSMITTER_EMPTY | (s->received_count ? STATUS_RECEIVED : 0);
        break;
    case MODEM_STATUS: value = MODEM_ALL_WELL; break;
    default: value = s->scratch; break;
    }
    follow(w, s, told);
    return value;
}

static void control_fifo(struct uart *s, uint8_t value)
{
    s->fifo_control = value;
    if (value & FIFO_CLEAR_RECEIVER) s->received_count = 0;
}

int uart_write(struct world *w, word_t port, uint8_t value)
{
    struct uart *s = &devices_edit(w)->uart;
    bool divisor = s->line_control & DIVISOR_ACCESS;
    unsigned told = what_to_tell(s);
    int sent = -1;
    s->is_used = 1;
    if (divisor && port <= INTERRUPT_ENABLE) {
        s->divisor[port] = value;
        return sent;
    }
    switch (port) {
    case DATA:
        sent = value;
        s->is_sent = 1;
        break;
    case INTERRUPT_ENABLE:
        if (value & ~s->interrupt_enable & ENABLE_SENT) s->is_sent = 1;
        s->interrupt_enable = value & ENABLE_ALL;
        break;
    case IDENTIFICATION: control_fifo(s, value); break;
    case LINE_CONTROL: s->line_control = value; break;
    case MODEM_CONTROL: s->modem_control = value; break;
    case SCRATCH: s->scratch = value; break;
    default: break;
    }
    follow(w, s, told);
    return sent;
}

bool device_serial_tells_received(const struct world *w)
{
    return devices_at(w)->uart.interrupt_enable & ENABLE_RECEIVED;
}

bool device_serial_is_used(const struct world *w)
{
    return devices_at(w)->uart.is_used;
}

bool device_serial_has_room(const struct world *w)
{
    return devices_at(w)->uart.received_count < SERIAL_FIFO;
}

void device_serial_type(struct world *w, uint8_t byte)
{
    if (!device_serial_has_room(w)) return;
    struct uart *s = &devices_edit(w)->uart;
    unsigned told = what_to_tell(s);
    s->received[s->received_count++] = byte;
    follow(w, s, told);
}
