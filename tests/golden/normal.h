/* SPDX-License-Identifier: BSD-2-Clause */
/* What may differ between two builds of the same probe, made equal: addresses inside the image (by
 * the nearest symbol that the probe names, else "img"), slots of the window that follows the image
 * ("win+N"), kernel addresses and line numbers in the kernel's messages, counts of time, and RF, which
 * the recordings' machine left clear (README.md: a processor sets it). */
#ifndef FAULTLINE_TESTS_NORMAL_H
#define FAULTLINE_TESTS_NORMAL_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>

struct normal {
    uint64_t window; /* first slot of the probe's window; huge before the config event */
};

struct normal normal_without_config(void);
struct normal normal_from_config(const cJSON *event);

/* A copy of an event, made equal. */
cJSON *normal_event(const struct normal *n, const cJSON *event);

#endif
