/* SPDX-License-Identifier: BSD-2-Clause */
/* assert() says what did not hold, and aborts. */
#ifndef GUEST_ASSERT_H
#define GUEST_ASSERT_H

/* Not marked as never returning, as in libsel4: compilers then arrange code and registers as there. */
void __assert_fail(const char *what, const char *file, int line, const char *function);

#define static_assert _Static_assert

#endif

#undef assert
#ifdef NDEBUG
#define assert(what) ((void)0)
#else
#define assert(what) ((what) ? (void)0 : __assert_fail(#what, __FILE__, __LINE__, __func__))
#endif
