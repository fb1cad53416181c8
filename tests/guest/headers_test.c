/* SPDX-License-Identifier: BSD-2-Clause */
/* include/sel4/ says what the kernel's tables say. With --write the headers are written instead. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/numbers.h"
#include "view/sel4_headers.h"

#define HEADERS "include/sel4/"

static char *text_of_file(const char *path)
{
    FILE *f = fopen(path, "r");
    if (!f) return NULL;
    char *text = NULL;
    size_t size = 0;
    if (getdelim(&text, &size, '\0', f) < 0) text = NULL;
    fclose(f);
    return text;
}

static char *text_of_header(const struct sel4_header *header)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    header->write(out);
    fclose(out);
    return text;
}

static void every_generated_header_says_what_the_tables_say(void **state)
{
    (void)state;
    for (const struct sel4_header *h = sel4_header_table; h->file; h++) {
        char path[256];
        snprintf(path, sizeof path, HEADERS "%s", h->file);
        char *want = text_of_header(h), *have = text_of_file(path);
        if (!have || strcmp(want, have) != 0) fail_msg("%s is stale: run `make headers`", path);
        free(want);
        free(have);
    }
}

/* -30 and -33 were seen on the real kernel. */
static void system_calls_keep_their_numbers_where_others_are_not_built_in(void **state)
{
    (void)state;
    struct kernel_config config = kernel_config_default;
    for (config.mcs = 0; config.mcs < 2; config.mcs++) {
        struct numbers n;
        word_t number;
        numbers_fill(&n, &config);
        assert_true(syscall_number(&n, "SetTLSBase", &number));
        assert_int_equal((int64_t)number, config.mcs ? -33 : -30);
        assert_string_equal(syscall_row(&n, number)->name, "SetTLSBase");
        assert_null(syscall_row(&n, number + 1));
        assert_null(syscall_row(&n, number - 1));
    }
}

static int write_headers(void)
{
    for (const struct sel4_header *h = sel4_header_table; h->file; h++) {
        char path[256];
        snprintf(path, sizeof path, HEADERS "%s", h->file);
        FILE *out = fopen(path, "w");
        if (!out) return perror(path), 1;
        h->write(out);
        fclose(out);
    }
    return 0;
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "--write") == 0) return write_headers();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_generated_header_says_what_the_tables_say),
        cmocka_unit_test(system_calls_keep_their_numbers_where_others_are_not_built_in),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
