/* SPDX-License-Identifier: BSD-2-Clause */
/* What the probe prints, taken apart: events by case, made equal where two builds of the probe may
 * differ. The same rules serve a recording of the real kernel and a run of ours. */
#ifndef FAULTLINE_TESTS_CASES_H
#define FAULTLINE_TESTS_CASES_H

#include <cjson/cJSON.h>
#include <stdio.h>

/* An object: case name -> array of events. The caller deletes it. NULL when the stream holds none. */
cJSON *cases_read_recording(FILE *jsonl); /* JSON Lines */
cJSON *cases_read_serial(FILE *log);      /* the probe's serial output */

#endif
