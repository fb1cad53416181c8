/* SPDX-License-Identifier: BSD-2-Clause */
/* Printing, by seL4_DebugPutChar: %d %i %u %x %X %o %c %s %p %%, with -, +, blank, #, 0, width,
 * precision and the lengths hh h l ll z t j. No floating point. */
#ifndef GUEST_STDIO_H
#define GUEST_STDIO_H

#include <stdarg.h>
#include <stddef.h>

#define EOF (-1)

int printf(const char *format, ...) __attribute__((format(__printf__, 1, 2)));
int vprintf(const char *format, va_list arguments);
int snprintf(char *text, size_t size, const char *format, ...)
    __attribute__((format(__printf__, 3, 4)));
int vsnprintf(char *text, size_t size, const char *format, va_list arguments);
int puts(const char *text);
int putchar(int c);

#endif
