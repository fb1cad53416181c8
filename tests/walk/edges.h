/* SPDX-License-Identifier: BSD-2-Clause */
/* Words at which something ends or begins: what chance is to try rather than any number. */
#ifndef FAULTLINE_TESTS_WALK_EDGES_H
#define FAULTLINE_TESTS_WALK_EDGES_H

#include "world/hand.h"

/* clang-format off */
static const word_t edges[] = {
    0, 1, 2, 3, 4, 15, 16, 63, 64, 65, 127, 128, 255, 256, 0x3f8, 0x1000,
    0x400000, 0x10000000, 0x40000000, HAND_PAGE, HAND_BUFFER,
    UINT64_C(1) << 39, UINT64_C(0x7fffffffffff), UINT64_C(0x800000000000), ~(word_t)0,
};
/* clang-format on */
enum { EDGES = sizeof edges / sizeof edges[0] };

#endif
