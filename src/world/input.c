/* SPDX-License-Identifier: BSD-2-Clause */
/* Serial input from a file of the host. */
#include "world/input.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

#include "kernel/kernel.h"

enum { BYTE_NS = 86806 }; /* ten bits at 115,200 a second */

void input_open(struct serial_input *in, int file)
{
    *in = (struct serial_input){ .file = file };
}

/* The next byte, waiting `timeout` ms for it, -1: for ever. False: none has come. */
static bool take(struct serial_input *in, int timeout, uint8_t *byte)
{
    struct pollfd wanted = { .fd = in->file, .events = POLLIN };
    if (in->file < 0 || poll(&wanted, 1, timeout) <= 0) return false;
    ssize_t got = read(in->file, byte, 1);
    if (got == 1) return true;
    if (got == 0 || errno != EINTR) in->file = -1;
    return false;
}

static void hand_over(struct serial_input *in, struct world *w, uint8_t byte)
{
    device_serial_type(w, byte);
    in->next_at = cpu_at(w)->clock + BYTE_NS;
}

word_t input_due(const struct serial_input *in, const struct world *w)
{
    bool may_come = in->file >= 0 && device_serial_is_used(w) && device_serial_has_room(w);
    return may_come ? in->next_at : DEVICE_NEVER;
}

void input_feed(struct serial_input *in, struct world *w)
{
    uint8_t byte;
    if (cpu_at(w)->clock < input_due(in, w)) return;
    in->next_at = cpu_at(w)->clock + BYTE_NS;
    if (take(in, 0, &byte)) hand_over(in, w, byte);
}

bool input_wait(struct serial_input *in, struct world *w)
{
    uint8_t byte;
    if (!kernel_hears_line(w, LINE_SERIAL) || !device_serial_tells_received(w)) return false;
    if (!device_serial_has_room(w) || !take(in, -1, &byte)) return false;
    if (cpu_at(w)->clock < in->next_at) cpu_edit(w)->clock = in->next_at;
    hand_over(in, w, byte);
    return true;
}
