/* SPDX-License-Identifier: BSD-2-Clause */
/* libsel4's functions that only compute: message infos, rights, CNode data, message registers.
 * libsel4: mode_include/64/sel4/shared_types.bf, include/sel4/functions.h. */
#include "lesson/expr.h"
#include "world/call.h"

#include <string.h>

word_t message_register(const struct scope *sc, word_t i)
{
    return i < MESSAGE_MAX_LENGTH ? thread_message_word(scope_world(sc), sc->seat, (unsigned)i) : 0;
}

static word_t info_new(const struct scope *sc, const word_t *a)
{
    (void)sc;
    return message_info(a[0], a[1], a[2], a[3]);
}

static word_t info_label(const struct scope *sc, const word_t *a)
{
    (void)sc;
    return message_label(a[0]);
}

static word_t info_unwrapped(const struct scope *sc, const word_t *a)
{
    (void)sc;
    return message_unwrapped(a[0]);
}

static word_t info_caps(const struct scope *sc, const word_t *a)
{
    (void)sc;
    return message_caps(a[0]);
}

static word_t info_length(const struct scope *sc, const word_t *a)
{
    (void)sc;
    return message_length(a[0]);
}

/* Arguments: grant reply, grant, read, write. */
static word_t rights_new(const struct scope *sc, const word_t *a)
{
    (void)sc;
    return (a[0] & 1) * RIGHT_GRANT_REPLY | (a[1] & 1) * RIGHT_GRANT | (a[2] & 1) * RIGHT_READ |
           (a[3] & 1) * RIGHT_WRITE;
}

static word_t capdata_new(const struct scope *sc, const word_t *a)
{
    (void)sc;
    return a[0] << 6 | (a[1] & 63);
}

static word_t get_mr(const struct scope *sc, const word_t *a)
{
    return message_register(sc, a[0]);
}

static word_t bit(const struct scope *sc, const word_t *a)
{
    (void)sc;
    return a[0] < 64 ? (word_t)1 << a[0] : 0;
}

/* clang-format off */
static const struct builtin builtins[] = {
    { "seL4_MessageInfo_new",               4, info_new },
    { "seL4_MessageInfo_get_label",         1, info_label },
    { "seL4_MessageInfo_get_capsUnwrapped", 1, info_unwrapped },
    { "seL4_MessageInfo_get_extraCaps",     1, info_caps },
    { "seL4_MessageInfo_get_length",        1, info_length },
    { "seL4_CapRights_new",                 4, rights_new },
    { "seL4_CNode_CapData_new",             2, capdata_new },
    { "seL4_GetMR",                         1, get_mr },
    { "BIT",                                1, bit },
    { "LIBSEL4_BIT",                        1, bit },
};
/* clang-format on */

const struct builtin *builtin_find(const char *name)
{
    for (size_t i = 0; i < sizeof builtins / sizeof builtins[0]; i++)
        if (strcmp(builtins[i].name, name) == 0) return &builtins[i];
    return NULL;
}
