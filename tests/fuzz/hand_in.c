/* SPDX-License-Identifier: BSD-2-Clause */
/* Any bytes as a hand-in, and what is in it as submissions: graded or refused with a sentence. */
#include <stdlib.h>
#include <string.h>

#include "grade/inside.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MAX_STEPS = 20000, MAX_SIZE = 1 << 16 };

static const char *place(const char *name)
{
    static char folder[64], path[128];
    if (!*folder) {
        snprintf(folder, sizeof folder, "/tmp/faultline-fuzz-XXXXXX");
        if (!mkdtemp(folder)) abort();
        setenv("TMPDIR", folder, 1);
        setenv("XDG_STATE_HOME", folder, 1);
    }
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct grade_options options = {
        .lesson = { { .folder = "lessons/01-first-fault", .weight = 1 } },
        .lesson_count = 1,
        .max_steps = MAX_STEPS,
    };
    struct submissions s = { 0 };
    if (size > MAX_SIZE) return 0;
    FILE *out = fopen(place("ada.handin"), "w");
    if (!out || fwrite(data, 1, size, out) != size || fclose(out) != 0) abort();
    submissions_add(&s, place("ada.handin"));
    cJSON *result = grade_one(&options, &s.list[0], 0);
    if (!result) abort();
    json_clean(result);
    const char *status = json_text(result, "status");
    if (json_number(result, "score") > json_number(result, "max")) abort();
    if (strcmp(status, "graded") != 0 && !*json_text(result, "problem")) abort();
    cJSON_Delete(result);
    submissions_free(&s);
    return 0;
}
