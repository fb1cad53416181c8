/* SPDX-License-Identifier: BSD-2-Clause */
/* printf without floating point; characters go to seL4_DebugPutChar, one system call each. */
#include <sel4/sel4.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* Where characters go: a buffer, or the kernel's serial line when there is none. */
struct sink {
    char *text;
    size_t size, used;
};

/* One conversion: %[flags][width][.precision][length]letter. */
struct conversion {
    int left, plus, blank, alternate, zero;
    int width, precision; /* precision -1: none */
    int bytes;            /* of an integer argument */
    char letter;
};

static void put(struct sink *out, char c)
{
    if (!out->text)
        seL4_DebugPutChar(c);
    else if (out->used + 1 < out->size)
        out->text[out->used] = c;
    out->used++;
}

static void put_times(struct sink *out, char c, int times)
{
    for (; times > 0; times--) put(out, c);
}

/* Prefix and text, padded to the width. */
static void put_field(struct sink *out, const struct conversion *c, const char *prefix,
                      const char *text, int length, int zeros)
{
    int used = (int)strlen(prefix) + zeros + length;
    if (!c->left) put_times(out, ' ', c->width - used);
    while (*prefix) put(out, *prefix++);
    put_times(out, '0', zeros);
    for (int i = 0; i < length; i++) put(out, text[i]);
    if (c->left) put_times(out, ' ', c->width - used);
}

static void put_number(struct sink *out, const struct conversion *c, uint64_t value, int negative)
{
    const char *digits = c->letter == 'X' ? "0123456789ABCDEF" : "0123456789abcdef";
    unsigned base = c->letter == 'o' ? 8 : c->letter == 'd' || c->letter == 'u' ? 10 : 16;
    char text[24];
    int at = sizeof text;
    const char *prefix = negative ? "-" : c->plus ? "+" : c->blank ? " " : "";
    if (c->letter != 'd') prefix = "";
    if (c->letter == 'p' || (c->alternate && base == 16 && value))
        prefix = c->letter == 'X' ? "0X" : "0x";
    for (uint64_t left = value; left; left /= base) text[--at] = digits[left % base];
    int length = (int)sizeof text - at;
    int least = c->precision >= 0 ? c->precision : 1;
    if (c->precision < 0 && c->zero && !c->left) least = c->width - (int)strlen(prefix);
    put_field(out, c, prefix, text + at, length, least > length ? least - length : 0);
}

static const char *read_count(const char *at, int *count, va_list *arguments)
{
    if (*at == '*') return *count = va_arg(*arguments, int), at + 1;
    for (*count = 0; *at >= '0' && *at <= '9'; at++) *count = *count * 10 + *at - '0';
    return at;
}

static const char *read_length(const char *at, struct conversion *c)
{
    c->bytes = 4;
    for (; *at && strchr("hlzjt", *at); at++) {
        if (*at == 'h')
            c->bytes /= 2;
        else
            c->bytes = 8;
    }
    return at;
}

static const char *read_conversion(const char *at, struct conversion *c, va_list *arguments)
{
    *c = (struct conversion){ .precision = -1 };
    for (;; at++) {
        if (*at == '-')
            c->left = 1;
        else if (*at == '+')
            c->plus = 1;
        else if (*at == ' ')
            c->blank = 1;
        else if (*at == '#')
            c->alternate = 1;
        else if (*at == '0')
            c->zero = 1;
        else
            break;
    }
    at = read_count(at, &c->width, arguments);
    if (c->width < 0) c->left = 1, c->width = -c->width;
    if (*at == '.') at = read_count(at + 1, &c->precision, arguments);
    at = read_length(at, c);
    c->letter = *at == 'i' ? 'd' : *at;
    return *at ? at + 1 : at;
}

static uint64_t read_unsigned(const struct conversion *c, va_list *arguments)
{
    uint64_t value = c->bytes == 8 ? va_arg(*arguments, uint64_t) : va_arg(*arguments, unsigned);
    return c->bytes < 8 ? value & ((1ull << 8 * c->bytes) - 1) : value;
}

static int64_t read_signed(const struct conversion *c, va_list *arguments)
{
    if (c->bytes == 8) return va_arg(*arguments, int64_t);
    int value = va_arg(*arguments, int);
    return c->bytes == 1 ? (signed char)value : c->bytes == 2 ? (short)value : value;
}

static void put_string(struct sink *out, const struct conversion *c, const char *text)
{
    if (!text) text = "(null)";
    size_t most = c->precision >= 0 ? (size_t)c->precision : SIZE_MAX;
    put_field(out, c, "", text, (int)strnlen(text, most), 0);
}

static void put_conversion(struct sink *out, const struct conversion *c, va_list *arguments)
{
    char letter = c->letter;
    int64_t value;
    switch (letter) {
    case 'd':
        value = read_signed(c, arguments);
        put_number(out, c, value < 0 ? -(uint64_t)value : (uint64_t)value, value < 0);
        break;
    case 'u':
    case 'x':
    case 'X':
    case 'o': put_number(out, c, read_unsigned(c, arguments), 0); break;
    case 'p': put_number(out, c, (uintptr_t)va_arg(*arguments, void *), 0); break;
    case 's': put_string(out, c, va_arg(*arguments, const char *)); break;
    case 'c':
        letter = (char)va_arg(*arguments, int);
        put_field(out, c, "", &letter, 1, 0);
        break;
    default: put(out, letter ? letter : '%'); break;
    }
}

static int print(struct sink *out, const char *format, va_list *arguments)
{
    while (*format) {
        struct conversion c;
        if (*format != '%') {
            put(out, *format++);
            continue;
        }
        format = read_conversion(format + 1, &c, arguments);
        put_conversion(out, &c, arguments);
    }
    if (out->text && out->size) out->text[out->used < out->size ? out->used : out->size - 1] = 0;
    return (int)out->used;
}

int vprintf(const char *format, va_list arguments)
{
    struct sink out = { .text = NULL };
    va_list copy;
    va_copy(copy, arguments);
    int length = print(&out, format, &copy);
    va_end(copy);
    return length;
}

int vsnprintf(char *text, size_t size, const char *format, va_list arguments)
{
    char nothing;
    struct sink out = { .text = text ? text : &nothing, .size = text ? size : 0 };
    va_list copy;
    va_copy(copy, arguments);
    int length = print(&out, format, &copy);
    va_end(copy);
    return length;
}

int printf(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int length = vprintf(format, arguments);
    va_end(arguments);
    return length;
}

int snprintf(char *text, size_t size, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(text, size, format, arguments);
    va_end(arguments);
    return length;
}

int putchar(int c)
{
    seL4_DebugPutChar((char)c);
    return (unsigned char)c;
}

int puts(const char *text)
{
    while (*text) putchar(*text++);
    return putchar('\n');
}
