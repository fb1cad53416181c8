/* SPDX-License-Identifier: BSD-2-Clause */
/* `type`: a line for whoever reads the machine's serial port. */
#include <stdio.h>
#include <string.h>

#include "shell/commands.h"

static bool has_room(const struct world *w, size_t bytes)
{
    return bytes <= SERIAL_FIFO - devices_at(w)->uart.received_count;
}

/* A text in quotes without them. */
static const char *bare(const char *text, size_t *length)
{
    *length = strlen(text);
    if (*length < 2 || text[0] != '"' || text[*length - 1] != '"') return text;
    *length -= 2;
    return text + 1;
}

enum outcome verb_type(struct shell *sh, struct args *a)
{
    const char *text;
    size_t length;
    if (!arg_text(a, "text", &text) || !arg_end(a)) return OUTCOME_FAILED;
    text = bare(text, &length);
    if (!has_room(session_world_at(sh->session), length + 1)) {
        problem_set(&a->problem, "let the machine run until it has read some: continue",
                    "the serial port has no room for %zu more bytes", length + 1);
        return OUTCOME_FAILED;
    }
    act_begin(sh);
    struct world *w = session_world(sh->session);
    for (size_t i = 0; i < length; i++) device_serial_type(w, (uint8_t)text[i]);
    device_serial_type(w, '\n');
    return OUTCOME_DONE;
}
