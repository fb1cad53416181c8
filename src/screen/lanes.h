/* SPDX-License-Identifier: BSD-2-Clause */
/* The threads over time: a lane each, a column for each kernel entry and for each stretch of a program. */
#ifndef FAULTLINE_SCREEN_LANES_H
#define FAULTLINE_SCREEN_LANES_H

#include "screen/pane.h"

enum { LANES_LEAST = 3 };

/* Rows that show every thread, the ruler and the legend. */
int lanes_want(const struct scene *scene);
void lanes_draw(const struct scene *scene, struct sheet *s, int rows);

#endif
