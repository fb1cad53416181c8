/* SPDX-License-Identifier: BSD-2-Clause */
/* Which handler executes which SSE instruction with which operands: the table that sse.def makes. */
#include "machine/sse.h"

#define ROW_RM(n)                                                                                  \
    {                                                                                              \
        [SSE_REGISTER] = sse_##n##_rr, [SSE_LOAD] = sse_##n##_rm                                   \
    }
#define ROW_RMW(n)                                                                                 \
    {                                                                                              \
        [SSE_REGISTER] = sse_##n##_rr, [SSE_LOAD] = sse_##n##_rm, [SSE_STORE] = sse_##n##_mr       \
    }
#define ROW_RMWG(n)                                                                                \
    {                                                                                              \
        [SSE_REGISTER] = sse_##n##_rr, [SSE_LOAD] = sse_##n##_rm, [SSE_STORE] = sse_##n##_mr,      \
        [SSE_OTHER] = sse_##n##_gr                                                                 \
    }
#define ROW_RMI(n)                                                                                 \
    {                                                                                              \
        [SSE_REGISTER] = sse_##n##_rr, [SSE_LOAD] = sse_##n##_rm, [SSE_OTHER] = sse_##n##_ri       \
    }
#define ROW_RW(n)                                                                                  \
    {                                                                                              \
        [SSE_REGISTER] = sse_##n##_rr, [SSE_STORE] = sse_##n##_mr                                  \
    }
#define ROW_MW(n)                                                                                  \
    {                                                                                              \
        [SSE_LOAD] = sse_##n##_rm, [SSE_STORE] = sse_##n##_mr                                      \
    }
#define ROW_R(n)                                                                                   \
    {                                                                                              \
        [SSE_REGISTER] = sse_##n##_rr                                                              \
    }
#define ROW_M(n)                                                                                   \
    {                                                                                              \
        [SSE_LOAD] = sse_##n##_rm                                                                  \
    }
#define ROW_W(n)                                                                                   \
    {                                                                                              \
        [SSE_STORE] = sse_##n##_mr                                                                 \
    }
#define ROW_I(n)                                                                                   \
    {                                                                                              \
        [SSE_OTHER] = sse_##n##_ri                                                                 \
    }

#define SSE(mnemonic, name, shape) [SSE_##mnemonic] = ROW_##shape(name),
op_fn *const sse_handlers[SSE_COUNT][SSE_FORM_COUNT] = {
#include "machine/sse.def"
};
