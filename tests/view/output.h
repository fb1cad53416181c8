/* SPDX-License-Identifier: BSD-2-Clause */
/* What tests of views share: output into memory, compared to the letter. */
#ifndef FAULTLINE_TESTS_VIEW_H
#define FAULTLINE_TESTS_VIEW_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

struct output {
    FILE *file;
};

static inline struct output output_open(void)
{
    return (struct output){ .file = tmpfile() };
}

/* All that was written is `expected`; closes the output. Bytes of 0 never come: views show them as hex. */
static inline void assert_output(struct output *o, const char *expected)
{
    size_t length = (size_t)ftell(o->file);
    char *text = calloc(length + 1, 1);
    assert_non_null(text);
    rewind(o->file);
    assert_int_equal(fread(text, 1, length, o->file), length);
    fclose(o->file);
    assert_string_equal(text, expected);
    free(text);
}

#endif
