/* SPDX-License-Identifier: BSD-2-Clause */
/* Whether this is a build with the address sanitizer, as gcc and clang say it. */
#ifndef FAULTLINE_TESTS_SANITIZED_H
#define FAULTLINE_TESTS_SANITIZED_H

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#define SANITIZED __has_feature(address_sanitizer)
#else
#define SANITIZED 0
#endif

#endif
