/* SPDX-License-Identifier: BSD-2-Clause */
/* A test for each lesson of the course, in a group that fails when there is no lesson. */
#ifndef FAULTLINE_TESTS_LESSONS_EACH_H
#define FAULTLINE_TESTS_LESSONS_EACH_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct lesson_tests {
    const char *group;
    const char *before, *after;       /* a test's name: these around that of the lesson's folder */
    CMUnitTestFunction test;          /* *state is the folder's path */
    bool (*fits)(const char *folder); /* NULL: every lesson does */
    const struct CMUnitTest *extra;   /* run behind those of the lessons */
    size_t extra_count;
};

/* What main() returns. An argument chooses tests: `lessons_test '*05-*'`. */
int lesson_tests_run(const struct lesson_tests *tests, int argc, char **argv);

#endif
