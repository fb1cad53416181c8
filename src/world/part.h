/* SPDX-License-Identifier: BSD-2-Clause */
/* Where the machines of two branches part, with both machines as they are there. */
#ifndef FAULTLINE_WORLD_PART_H
#define FAULTLINE_WORLD_PART_H

#include "world/record.h"

struct branches_part {
    bool differs;
    struct position at;    /* the first step at which they differ; else up to where they agree */
    struct world world[2]; /* there; nobody listens to them */
};

/* False: interrupted. The session is where it was; close what is filled in either case. */
bool session_branch_part(struct session *s, size_t a, size_t b, struct branches_part *out);
void branches_part_close(struct branches_part *part);

#endif
