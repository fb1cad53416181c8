/* SPDX-License-Identifier: BSD-2-Clause */
/* What MCS adds to calls and is not built yet. */
#include "kernel/internal.h"

/* SIMPLIFIED: scheduling contexts and timeouts are not modelled yet: their invocations are refused as
 * those that a kernel does not have, without its print. */
struct decoded decode_unmodelled(const struct world *w, const struct call_message *m)
{
    (void)w, (void)m;
    return refuse(SEL4_IllegalOperation, NULL, NULL);
}
