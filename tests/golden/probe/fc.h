/* SPDX-License-Identifier: BSD-2-Clause */
/* A fault case: where the faulter starts, with which registers, and what the handler does. */
#ifndef PROBE_FC_H
#define PROBE_FC_H

#include "probe.h"
#define R(n)  offsetof(seL4_UserContext, n) / 8
#define S_(x) snip_##x##_start, snip_##x##_fault, snip_##x##_next
#define UNM   0x10000000UL /* unmapped area */
#define ROV   0x20000000UL /* read-only page (mapped by map_page) */
enum {
    A_END,
    A_REPLY,
    A_RESUME,
    A_WREGS,
    A_WREGS_NORESUME,
    A_SUSPEND,
    A_NONE,
    A_MAP_RW,
    A_MAP_RO,
    A_FILL,
    A_DELCS
};
typedef struct {
    int mr;
    int add;
    W v;
} set_t;
typedef struct {
    int kind;
    W label, len;
    set_t s[20];
    int add_pc;
} act_t;
typedef struct {
    int reg;
    W v;
} rset_t;
typedef struct {
    char *start, *fault, *next;
    rset_t r[20];
    act_t a[4];
    int flags;
    int cs;
    W fill;
    int xcap;
} fc_t;
void run_fc(fc_t *f);
/* clang-format off */
#define CASE(fn, ...) static void fn(void) { static fc_t f = __VA_ARGS__; static fc_t g; g = f; run_fc(&g); }
/* clang-format on */
#define REPLY0                                                                                     \
    {                                                                                              \
        A_REPLY, 0, 0                                                                              \
    }
#define F_NODUMP 1

#endif
