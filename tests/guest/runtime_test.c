/* SPDX-License-Identifier: BSD-2-Clause */
/* printf and the string functions that guest programs get, compiled for the host and held against
 * the host's own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#define printf    guest_printf
#define vprintf   guest_vprintf
#define snprintf  guest_snprintf
#define vsnprintf guest_vsnprintf
#define putchar   guest_putchar
#define puts      guest_puts
#define memcpy    guest_memcpy
#define memmove   guest_memmove
#define memset    guest_memset
#define memcmp    guest_memcmp
#define memchr    guest_memchr
#define strlen    guest_strlen
#define strnlen   guest_strnlen
#define strcmp    guest_strcmp
#define strncmp   guest_strncmp
#define strcpy    guest_strcpy
#define strncpy   guest_strncpy
#define strcat    guest_strcat
#define strchr    guest_strchr
#include "../../include/guest/stdio.h"
#include "../../include/guest/string.h"
#include "../../include/runtime/memory.c"
#include "../../include/runtime/print.c"
#undef printf
#undef vprintf
#undef snprintf
#undef vsnprintf
#undef putchar
#undef puts
#undef memcpy
#undef memmove
#undef memset
#undef memcmp
#undef memchr
#undef strlen
#undef strnlen
#undef strcmp
#undef strncmp
#undef strcpy
#undef strncpy
#undef strcat
#undef strchr

/* The program that this is a part of has no IPC buffer; nothing here uses it. */
LIBSEL4_THREAD_LOCAL seL4_IPCBuffer *__sel4_ipc_buffer;

#define SAME(...)                                                                                  \
    do {                                                                                           \
        char ours[64], theirs[64];                                                                 \
        memset(ours, '?', sizeof ours);                                                            \
        memset(theirs, '?', sizeof theirs);                                                        \
        int a = guest_snprintf(ours, sizeof ours, __VA_ARGS__);                                    \
        int b = snprintf(theirs, sizeof theirs, __VA_ARGS__);                                      \
        assert_string_equal(ours, theirs);                                                         \
        assert_int_equal(a, b);                                                                    \
    } while (0)

static void numbers_print_as_in_any_c(void **state)
{
    (void)state;
    SAME("%d %d %i %u", 0, -1, 2147483647, 4000000000u);
    SAME("%ld %lu %lld %zu", -5L, ~0ul, (long long)INT64_MIN, (size_t)7);
    SAME("%x %X %#x %#X %o %#lx", 0xbeef, 0xbeef, 0xbeef, 0xbeef, 8, 0xfeedul);
    SAME("%02x %08lx %5d|%-5d|%05d|%+d|% d", 5, 0xabcul, 42, 42, -42, 42, 42);
    SAME("%.3d %8.3d|%-8.3x|%.0d", 5, -5, 0xa, 0);
    SAME("%hhx %hd %hhd", (unsigned char)0xff, (short)-2, (signed char)-3);
    SAME("%*d|%-*d|%.*d", 6, 1, 6, 2, 3, 3);
    SAME("%p", (void *)0x401000);
}

static void text_prints_as_in_any_c(void **state)
{
    (void)state;
    SAME("%s|%8s|%-8s|%.2s|%8.1s", "abc", "abc", "abc", "abc", "abc");
    SAME("%c%c %5c|%-3c|%%", 'a', 'b', 'c', 'd');
    SAME("no conversion at all");
}

static void printing_into_no_room_writes_nothing(void **state)
{
    (void)state;
    char text[4] = "abc";
    assert_int_equal(guest_snprintf(text, 0, "%d", 12345), 5);
    assert_string_equal(text, "abc");
    assert_int_equal(guest_snprintf(NULL, 0, "%d", 12345), 5);
    assert_int_equal(guest_snprintf(text, sizeof text, "%d", 12345), 5);
    assert_string_equal(text, "123");
}

static void copying_moves_overlapping_bytes_both_ways(void **state)
{
    (void)state;
    for (size_t from = 0; from < 12; from++)
        for (size_t to = 0; to < 12; to++)
            for (size_t size = 0; size < 12; size++) {
                char ours[24] = "0123456789abcdefghijklm", theirs[24] = "0123456789abcdefghijklm";
                assert_ptr_equal(guest_memmove(ours + to, ours + from, size), ours + to);
                memmove(theirs + to, theirs + from, size);
                assert_memory_equal(ours, theirs, sizeof ours);
            }
}

static void strings_behave_as_in_any_c(void **state)
{
    (void)state;
    char text[8];
    assert_int_equal(guest_strlen("seL4"), 4);
    assert_int_equal(guest_strnlen("seL4", 2), 2);
    assert_int_equal(guest_strcmp("a", "a"), 0);
    assert_true(guest_strcmp("a", "b") < 0 && guest_strcmp("\xff", "a") > 0);
    assert_int_equal(guest_strncmp("abc", "abd", 2), 0);
    assert_string_equal(guest_strncpy(text, "abc", sizeof text), "abc");
    assert_int_equal(text[7], 0);
    assert_string_equal(guest_strcat(text, "de"), "abcde");
    assert_ptr_equal(guest_strchr(text, 'd'), text + 3);
    assert_ptr_equal(guest_strchr(text, 0), text + 5);
    assert_null(guest_strchr(text, 'z'));
    assert_true(guest_memcmp("ab", "ac", 2) < 0);
    guest_memset(text, 'x', 3);
    assert_string_equal(text, "xxxde");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_print_as_in_any_c),
        cmocka_unit_test(text_prints_as_in_any_c),
        cmocka_unit_test(printing_into_no_room_writes_nothing),
        cmocka_unit_test(copying_moves_overlapping_bytes_both_ways),
        cmocka_unit_test(strings_behave_as_in_any_c),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
