/* SPDX-License-Identifier: BSD-2-Clause */
/* The formats that there are. */
#include "grade/inside.h"

/* clang-format off */
const struct grade_format grade_formats[] = {
    { "text",       "a table, who reached what, frequent mistakes",    false, false, write_text },
    { "tap",        "Test Anything Protocol 14",                       false, false, write_tap },
    { "tap13",      "the same for programs that know version 13",      false, false, write_tap13 },
    { "junit",      "JUnit XML",                                       false, false, write_junit },
    { "csv",        "a line for each submission and part",             false, false, write_csv },
    { "json",       "everything that is known (docs/grading.md)",      false, false, write_json },
    { "gradescope", "Gradescope's results.json; one submission",       true,  true,  write_gradescope },
    { "exercism",   "Exercism's results.json, version 3; one",         true,  true,  write_exercism },
    { "check50",    "check50's JSON; one submission",                  true,  false, write_check50 },
};
/* clang-format on */
const size_t grade_format_count = sizeof grade_formats / sizeof grade_formats[0];
