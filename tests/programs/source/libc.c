/* SPDX-License-Identifier: BSD-2-Clause */
/* The memory and string functions of a real C library, at every alignment and many lengths. In the
 * simulator they are musl's, on the host its own. */
#include "program.h"

void *memcpy(void *, const void *, size_t);
void *memmove(void *, const void *, size_t);
void *memset(void *, int, size_t);
int memcmp(const void *, const void *, size_t);
void *memchr(const void *, int, size_t);
size_t strlen(const char *);
char *strcpy(char *, const char *);
char *strncpy(char *, const char *, size_t);
char *strcat(char *, const char *);
int strcmp(const char *, const char *);
int strncmp(const char *, const char *, size_t);
char *strchr(const char *, int);
char *strrchr(const char *, int);
char *strstr(const char *, const char *);
size_t strspn(const char *, const char *);
size_t strcspn(const char *, const char *);
void qsort(void *, size_t, size_t, int (*)(const void *, const void *));

enum { SIZE = 512 };
static unsigned char one[SIZE], two[SIZE];
static uint64_t sum;

static void note(uint64_t value)
{
    sum = (sum ^ value) * UINT64_C(0x100000001b3);
}

static void note_bytes(void)
{
    for (int i = 0; i < SIZE; i++) note(one[i] + 256u * two[i]);
}

static void fill(unsigned seed)
{
    for (int i = 0; i < SIZE; i++) {
        seed = seed * 1664525 + 1013904223;
        one[i] = (unsigned char)(seed >> 24);
        two[i] = (unsigned char)(seed >> 16);
    }
}

static int sign(int n)
{
    return (n > 0) - (n < 0);
}

static void copy_and_compare(unsigned from, unsigned to, unsigned length)
{
    memcpy(two + to, one + from, length);
    note((uint64_t)sign(memcmp(two + to, one + from, length + 1)));
    memmove(two + to + from % 5, two + to, length);
    memset(one + to, (int)length, length / 2);
    const unsigned char *found = memchr(two, (int)from, SIZE);
    note(found ? (uint64_t)(found - two) : SIZE);
}

static void memory_functions(void)
{
    for (unsigned length = 0; length < 130; length++)
        for (unsigned from = 0; from < 16; from++) {
            fill(length * 16 + from);
            copy_and_compare(from, (from * 7 + length) % 16, length);
            note_bytes();
        }
    say("memory %lx\n", (unsigned long)sum);
}

static void string_functions(void)
{
    static const char words[] =
        "the fault is a message, the message is a word, the word is a fault";
    char text[200], other[200];
    for (unsigned at = 0; at < sizeof words - 1; at++) {
        strcpy(text, words + at);
        strncpy(other, words, sizeof other);
        strcat(other, text);
        note(strlen(text) + 1000 * strlen(other));
        note((uint64_t)sign(strcmp(text, words)) +
             10 * (uint64_t)sign(strncmp(text, words, at % 9)));
        const char *first = strchr(words, words[at]), *last = strrchr(words, words[at]);
        note((uint64_t)(first - words) + 100 * (uint64_t)(last - words));
        const char *inside = strstr(words, at % 2 ? "word" : words + at);
        note(inside ? (uint64_t)(inside - words) : 99);
        note(strspn(text, "the fauls") + 100 * strcspn(text, "wd,"));
    }
    say("strings %lx\n", (unsigned long)sum);
}

static int by_value(const void *a, const void *b)
{
    return (*(const uint32_t *)a > *(const uint32_t *)b) -
           (*(const uint32_t *)a < *(const uint32_t *)b);
}

static void sorting(void)
{
    static uint32_t number[3000];
    uint32_t x = 1;
    for (int i = 0; i < 3000; i++) number[i] = x = x * 1664525 + 1013904223;
    qsort(number, 3000, sizeof number[0], by_value);
    for (int i = 0; i < 3000; i++) note(number[i]);
    say("sorted %lx\n", (unsigned long)sum);
}

/* Debian's musl guards its stacks. */
void __stack_chk_fail(void)
{
    say("a stack was smashed\n");
}

int program(void)
{
    memory_functions();
    string_functions();
    sorting();
    return 0;
}
