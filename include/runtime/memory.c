/* SPDX-License-Identifier: BSD-2-Clause */
/* Memory and strings. Copying and filling are string instructions, so that a compiler cannot turn
 * their loops into calls of themselves. Weak: a program may bring a C library's own. */
#include <stdint.h>
#include <string.h>

#pragma weak memcpy
#pragma weak memmove
#pragma weak memset
#pragma weak memcmp
#pragma weak memchr
#pragma weak strnlen
#pragma weak strlen
#pragma weak strncmp
#pragma weak strcmp
#pragma weak strcpy
#pragma weak strncpy
#pragma weak strcat
#pragma weak strchr

void *memcpy(void *restrict to, const void *restrict from, size_t size)
{
    void *at = to;
    __asm__ volatile("rep movsb" : "+D"(at), "+S"(from), "+c"(size) : : "memory");
    return to;
}

void *memmove(void *to, const void *from, size_t size)
{
    char *end = (char *)to + size - 1;
    const char *last = (const char *)from + size - 1;
    if ((uintptr_t)to - (uintptr_t)from >= size) return memcpy(to, from, size);
    __asm__ volatile("std\n\trep movsb\n\tcld" : "+D"(end), "+S"(last), "+c"(size) : : "memory");
    return to;
}

void *memset(void *to, int byte, size_t size)
{
    void *at = to;
    __asm__ volatile("rep stosb" : "+D"(at), "+c"(size) : "a"(byte) : "memory");
    return to;
}

int memcmp(const void *a, const void *b, size_t size)
{
    const unsigned char *x = a, *y = b;
    for (; size; size--, x++, y++)
        if (*x != *y) return *x - *y;
    return 0;
}

void *memchr(const void *in, int byte, size_t size)
{
    for (const unsigned char *at = in; size; size--, at++)
        if (*at == (unsigned char)byte) return (void *)(uintptr_t)at;
    return NULL;
}

size_t strnlen(const char *text, size_t size)
{
    const char *end = memchr(text, 0, size);
    return end ? (size_t)(end - text) : size;
}

size_t strlen(const char *text)
{
    return strnlen(text, SIZE_MAX);
}

int strncmp(const char *a, const char *b, size_t size)
{
    for (; size && *a && *a == *b; size--, a++, b++) continue;
    return size ? (unsigned char)*a - (unsigned char)*b : 0;
}

int strcmp(const char *a, const char *b)
{
    return strncmp(a, b, SIZE_MAX);
}

char *strcpy(char *restrict to, const char *restrict from)
{
    return memcpy(to, from, strlen(from) + 1);
}

char *strncpy(char *restrict to, const char *restrict from, size_t size)
{
    size_t length = strnlen(from, size);
    memcpy(to, from, length);
    memset(to + length, 0, size - length);
    return to;
}

char *strcat(char *restrict to, const char *restrict from)
{
    strcpy(to + strlen(to), from);
    return to;
}

char *strchr(const char *in, int c)
{
    return memchr(in, c, strlen(in) + 1);
}
