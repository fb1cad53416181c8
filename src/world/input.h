/* SPDX-License-Identifier: BSD-2-Clause */
/* Serial input of a machine that nobody sits at: bytes from a file of the host, usually standard input,
 * which come at the pace of a line of 115,200 baud. So every byte has its position in time, and a file
 * gives the same run each time; what a person or a program types arrives when it is typed. Nothing is
 * taken from the file before the guest has touched its serial port. */
#ifndef FAULTLINE_WORLD_INPUT_H
#define FAULTLINE_WORLD_INPUT_H

#include "world/world.h"

struct serial_input {
    int file;       /* -1: there is none, or it has ended */
    word_t next_at; /* clock value at which the next byte may arrive */
};

void input_open(struct serial_input *in, int file);

/* To be called between runs of the core: hands over a byte that has arrived and is due. */
void input_feed(struct serial_input *in, struct world *w);

/* The clock value at which input_feed() wants to be called; DEVICE_NEVER: not at all. */
word_t input_due(const struct serial_input *in, const struct world *w);

/* Nobody can run. Whether somebody would hear a byte; if so waits until one is there, and hands it over.
 * False also when the file has ended or a signal came. */
bool input_wait(struct serial_input *in, struct world *w);

#endif
