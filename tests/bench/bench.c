/* SPDX-License-Identifier: BSD-2-Clause */
#include "bench/bench.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static cJSON *figures;

double seconds_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int is_less(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double median(double *values, size_t count)
{
    qsort(values, count, sizeof *values, is_less);
    return values[count / 2];
}

void figure(const char *name, double value, const char *unit, const char *goal)
{
    printf("%s\t%.4g\t%s\t%s\n", name, value, unit, goal);
    fflush(stdout);
    cJSON *entry = cJSON_CreateObject();
    cJSON_AddStringToObject(entry, "name", name);
    cJSON_AddNumberToObject(entry, "value", value);
    cJSON_AddStringToObject(entry, "unit", unit);
    cJSON_AddStringToObject(entry, "goal", goal);
    cJSON_AddItemToArray(figures, entry);
}

static int write_json(const char *path)
{
    char *text = cJSON_Print(figures);
    FILE *file = fopen(path, "w");
    if (!file || !text || fprintf(file, "%s\n", text) < 0) {
        perror(path);
        return 1;
    }
    free(text);
    return fclose(file) ? 1 : 0;
}

int main(void)
{
    figures = cJSON_CreateArray();
    measure_guests();
    measure_kernel();
    measure_time();
    measure_prompt();
    measure_screen();
    measure_copies();
    measure_lessons();
    measure_yardsticks();
    int status = write_json("bench.json");
    cJSON_Delete(figures);
    return status;
}
