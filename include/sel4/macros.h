/* SPDX-License-Identifier: BSD-2-Clause */
/* Macros that programs written for libsel4 expect. */
#ifndef SEL4_MACROS_H
#define SEL4_MACROS_H

#include <sel4/config.h>

#ifndef CONST
#define CONST __attribute__((__const__))
#endif
#ifndef PURE
#define PURE __attribute__((__pure__))
#endif

#define SEL4_PACKED          __attribute__((packed))
#define SEL4_DEPRECATED(why) __attribute__((deprecated(why)))
#define LIBSEL4_UNUSED       __attribute__((unused))
#define LIBSEL4_WEAK         __attribute__((weak))
#define LIBSEL4_NOINLINE     __attribute__((noinline))
#define LIBSEL4_INLINE       static inline
#define LIBSEL4_INLINE_FUNC  static inline
#define LIBSEL4_THREAD_LOCAL __thread

#define LIBSEL4_BIT(n)                     (1ul << (n))
#define SEL4_COMPILE_ASSERT(name, expr)    _Static_assert(expr, #name);
#define SEL4_SIZE_SANITY(index, entry, sz) SEL4_COMPILE_ASSERT(size_##sz, (index) + (entry) == (sz))

/* Makes an enum as wide as a word. */
#define SEL4_FORCE_LONG_ENUM(type) _enum_pad_##type = 0x7fffffffffffffff

#endif
