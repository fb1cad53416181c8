/* SPDX-License-Identifier: BSD-2-Clause */
/* Figures: measured, printed, never tested. */
#ifndef FAULTLINE_TESTS_BENCH_H
#define FAULTLINE_TESTS_BENCH_H

#include <stddef.h>

/* One line, `name<TAB>value<TAB>unit<TAB>goal`, and an entry of bench.json. `goal` is "" for a yardstick. */
void figure(const char *name, double value, const char *unit, const char *goal);

double seconds_now(void); /* monotonic */

/* The one in the middle of at least one; puts them in order. */
double median(double *values, size_t count);

/* What the host itself takes for comparable things. */
void measure_yardsticks(void);
/* Programs of tests/bench/programs in the simulator. */
void measure_guests(void);
/* Kernel entries: faults, calls, a crowd at an endpoint, a large image. */
void measure_kernel(void);
/* A key on a screen that shows many threads; many machines of a lesson at once. */
void measure_screen(void);
void measure_copies(void);
/* Going back in time. */
void measure_time(void);
/* The prompt: how soon it is there, how much it holds. */
void measure_prompt(void);

/* A lesson opens, is checked; a class is graded. */
void measure_lessons(void);

#endif
