/* SPDX-License-Identifier: BSD-2-Clause */
/* libsel4's names for assert(). */
#ifndef SEL4_ASSERT_H
#define SEL4_ASSERT_H

#include <assert.h>
#include <sel4/macros.h>

#define seL4_Fail(text)              __assert_fail(text, __FILE__, __LINE__, __func__)
#define seL4_Assert(what)            assert(what)
#define seL4_DebugAssert(what)       assert(what)
#define seL4_CompileTimeAssert(what) SEL4_COMPILE_ASSERT(seL4_CompileTimeAssert, what)

#endif
