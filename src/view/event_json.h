/* SPDX-License-Identifier: BSD-2-Clause */
/* Events as data: JSON Lines, one event a line. docs/events.md is made from the same table. */
#ifndef FAULTLINE_VIEW_EVENT_JSON_H
#define FAULTLINE_VIEW_EVENT_JSON_H

#include <stdio.h>

#include "world/session.h"

/* One line. Without a session (NULL) slots and objects have no names, and there is no step. */
void event_json_write(FILE *out, const struct world *w, const struct session *s, size_t number,
                      const struct event *e);

/* docs/events.md. */
void events_document(FILE *out);

#endif
