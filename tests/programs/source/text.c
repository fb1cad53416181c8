/* SPDX-License-Identifier: BSD-2-Clause */
/* Memory and strings as libraries write them: by bytes, by words, by string instructions, by SSE. */
#define _MM_MALLOC_H_INCLUDED /* there is no heap */
#include <emmintrin.h>
#include <nmmintrin.h>

#include "program.h"

enum { ROOM = 4096 };
static char from[ROOM + 64], to[ROOM + 64], other[ROOM + 64];

static void copy_bytes(char *d, const char *s, size_t n)
{
    while (n--) *d++ = *s++;
}

static void copy_words(char *d, const char *s, size_t n)
{
    typedef uint64_t __attribute__((may_alias, aligned(1))) word;
    for (; n >= 8; n -= 8, d += 8, s += 8) *(word *)d = *(const word *)s;
    while (n--) *d++ = *s++;
}

static void copy_rep(char *d, const char *s, size_t n)
{
    __asm__ volatile("rep movsb" : "+D"(d), "+S"(s), "+c"(n) : : "memory");
}

static void copy_sse(char *d, const char *s, size_t n)
{
    for (; n >= 16; n -= 16, d += 16, s += 16)
        _mm_storeu_si128((__m128i *)(void *)d, _mm_loadu_si128((const __m128i *)(const void *)s));
    copy_bytes(d, s, n);
}

static void move_down(char *d, const char *s, size_t n)
{
    while (n--) d[n] = s[n];
}

static size_t length_bytes(const char *s)
{
    size_t n = 0;
    while (s[n]) n++;
    return n;
}

static size_t length_words(const char *s)
{
    const uint64_t ones = 0x0101010101010101;
    typedef uint64_t __attribute__((may_alias)) word;
    const char *p = s;
    for (; (uintptr_t)p % 8; p++)
        if (!*p) return (size_t)(p - s);
    const word *w = (const word *)(const void *)p;
    while (!((*w - ones) & ~*w & ones << 7)) w++;
    for (p = (const char *)w; *p; p++) {
    }
    return (size_t)(p - s);
}

static size_t length_rep(const char *s)
{
    size_t n = ~(size_t)0;
    __asm__ volatile("repne scasb" : "+D"(s), "+c"(n) : "a"(0) : "memory", "cc");
    return ~n - 1;
}

static size_t length_sse(const char *s)
{
    const __m128i zero = _mm_setzero_si128();
    const char *block = (const char *)((uintptr_t)s & ~(uintptr_t)15);
    unsigned mask = (unsigned)_mm_movemask_epi8(
        _mm_cmpeq_epi8(_mm_load_si128((const __m128i *)(const void *)block), zero));
    mask = mask >> (s - block) << (s - block);
    while (!mask) {
        block += 16;
        mask = (unsigned)_mm_movemask_epi8(
            _mm_cmpeq_epi8(_mm_load_si128((const __m128i *)(const void *)block), zero));
    }
    return (size_t)(block - s) + (size_t)__builtin_ctz(mask);
}

__attribute__((target("sse4.2"))) static size_t length_string(const char *s)
{
    const __m128i zero = _mm_setzero_si128();
    for (size_t n = 0;; n += 16) {
        __m128i block = _mm_loadu_si128((const __m128i *)(const void *)(s + n));
        int at = _mm_cmpistri(zero, block, _SIDD_UBYTE_OPS | _SIDD_CMP_EQUAL_EACH);
        if (at < 16) return n + (size_t)at;
    }
}

static int compare(const char *a, const char *b)
{
    while (*a && *a == *b) a++, b++;
    return (unsigned char)*a - (unsigned char)*b;
}

static const char *find(const char *in, const char *what)
{
    for (; *in; in++) {
        size_t i = 0;
        while (what[i] && in[i] == what[i]) i++;
        if (!what[i]) return in;
    }
    return NULL;
}

static uint64_t digest(const char *p, size_t n)
{
    uint64_t h = 5381;
    while (n--) h = h * 33 + (unsigned char)*p++;
    return h;
}

static void copies(void)
{
    typedef void copy(char *, const char *, size_t);
    copy *const all[] = { copy_bytes, copy_words, copy_rep, copy_sse, move_down };
    for (size_t n = 0; n < 300; n += 7)
        for (size_t k = 0; k < 5; k++) {
            for (int i = 0; i < ROOM; i++) to[i] = 0;
            all[k](to + n % 13, from + n % 5, n);
            say("%lx%c", digest(to, 400), k == 4 ? '\n' : ' ');
        }
}

static void lengths(void)
{
    typedef size_t length(const char *);
    length *const all[] = { length_bytes, length_words, length_rep, length_sse, length_string };
    for (size_t n = 0; n < 80; n += 3)
        for (size_t k = 0; k < 5; k++) {
            for (size_t i = 0; i < 100; i++) other[i] = i < n + 9 ? 'x' : 0;
            say("%lu%c", all[k](other + 9 - n % 9), k == 4 ? '\n' : ' ');
        }
}

static void convert(const char *text)
{
    long value = 0;
    double fraction = 0, unit = 1;
    int sign = *text == '-';
    for (text += sign; *text >= '0' && *text <= '9'; text++) value = value * 10 + *text - '0';
    if (*text == '.')
        for (text++; *text; text++) fraction += (unit /= 10) * (*text - '0');
    say("%ld %.9f\n", sign ? -value : value, sign ? -fraction : fraction);
}

int program(void)
{
    uint64_t state = 5;
    for (int i = 0; i < ROOM; i++) from[i] = (char)next_number(&state);
    copies();
    lengths();
    say("%d %d %d\n", compare("abc", "abd"), compare("abc", "abc"), compare("abcd", "abc"));
    say("%s\n", find("the capability derivation tree", "der"));
    convert("-12345.6789");
    convert("9007199254740993.5");
    return 0;
}
