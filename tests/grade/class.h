/* SPDX-License-Identifier: BSD-2-Clause */
/* A folder of submissions for a test, and their results. */
#ifndef FAULTLINE_TESTS_GRADE_CLASS_H
#define FAULTLINE_TESTS_GRADE_CLASS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "grade/inside.h"

enum { CLASS_PATH = 256 };

struct class
{
    char folder[CLASS_PATH];
    struct grade_options o; /* lesson 1 */
};

/* Set-up and teardown. */
int class_begin(void **state);
int class_end(void **state);
#define CLASS_TEST(test) cmocka_unit_test_setup_teardown(test, class_begin, class_end)

void class_choose(struct class *c, const char *lesson);
/* Where a file of the folder lies. */
void class_path(const struct class *c, const char *name, char path[2 * CLASS_PATH]);
void class_put(const struct class *c, const char *name, const char *text);
void class_put_bytes(const struct class *c, const char *name, const void *bytes, size_t size);
/* A file of the checkout as a submission. */
void class_copy(const struct class *c, const char *name, const char *from);
/* Grades every entry of the folder. */
cJSON *class_grade(struct class *c);
/* The only lesson of a submission by name; a part of it by id. */
const cJSON *class_lesson(const cJSON *results, const char *name);
const cJSON *class_part(const cJSON *lesson, const char *id);
/* Fails unless it has that status, a problem that says so, and so many points. */
void class_expect(const cJSON *results, const char *name, const char *status, const char *problem,
                  double score);

/* Reaches all of lesson 1. */
extern const char class_right[];

#endif
