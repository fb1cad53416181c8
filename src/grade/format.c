/* SPDX-License-Identifier: BSD-2-Clause */
/* The formats that there are. */
#include "grade/inside.h"

/* clang-format off */
const struct grade_format grade_formats[] = {
    { "text",       "a table, who reached what, frequent mistakes",    false, false, results_as_text },
    { "tap",        "Test Anything Protocol 14",                       false, false, results_as_tap },
    { "tap13",      "the same for programs that know version 13",      false, false, results_as_tap13 },
    { "junit",      "JUnit XML",                                       false, false, results_as_junit },
    { "csv",        "a line for each submission and part",             false, false, results_as_csv },
    { "json",       "everything that is known (docs/grading.md)",      false, false, results_as_json },
    { "gradescope", "Gradescope's results.json; one submission",       true,  true,  results_as_gradescope },
    { "exercism",   "Exercism's results.json, version 3; one",         true,  true,  results_as_exercism },
    { "check50",    "check50's JSON; one submission",                  true,  false, results_as_check50 },
};
/* clang-format on */
const size_t grade_format_count = sizeof grade_formats / sizeof grade_formats[0];
