/* SPDX-License-Identifier: BSD-2-Clause */
/* The probe, compiled by `faultline cc` and booted, against what the real kernels printed: a test for
 * each case of each recording. The expectation is read from the recording only. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "golden/cases.h"

/* Cases whose recording is not the last word, and why. Everything else must agree. */
struct exception {
    const char *name, *reason;
};
static const struct exception exceptions[] = {
#if defined __clang__ || __GNUC__ != 12
    /* Nothing was received, and the probe prints the registers that the compiler left. The recording
     * was made with gcc 12. */
    { "j_nbsend_nowaiter", "registers of another compiler" },
    { "j_nbrecv_sender", "registers of another compiler" },
    { "j_recv_ntfn", "registers of another compiler" },
#endif
    { "d_int20", "error code of int n: the processor's" },
    { "d_int80", "error code of int n: the processor's" },
    { "d_int0d", "error code of int n: the processor's" },
    { "d_int0e", "error code of int n: the processor's" },
    { "d_int04", "error code of int n: the processor's" },
    { "g_null_int80", "error code of int n: the processor's" },
    { "d_int1", "0xf1 is #DB on a processor" },
    { "e_int1", "0xf1 is #DB on a processor" },
    { "d_vmcall", "virtualisation" },
    { "d_noncanon_jmp", "IP at the jump on a processor" },
    { "d_ssediv", "#UD at the divide under seL4" },
};

/* Cases that depend on how fast the recorded machine was: judged by the order of their events. */
static const char *const timed[] = { "perf_", "k_rr" };

struct golden_case {
    const char *name, *kernel;
    const cJSON *want, *got;
};

static bool only_order_counts(const char *name)
{
    for (size_t i = 0; i < sizeof timed / sizeof timed[0]; i++)
        if (strncmp(name, timed[i], strlen(timed[i])) == 0) return true;
    return false;
}

static const char *event_name(const cJSON *event)
{
    const cJSON *name = cJSON_GetObjectItem(event, "ev");
    return cJSON_IsString(name) ? name->valuestring : "";
}

static bool events_agree(const cJSON *want, const cJSON *got, bool only_order)
{
    if (!want || !got) return want == got;
    return only_order ? strcmp(event_name(want), event_name(got)) == 0
                      : cJSON_Compare(want, got, true);
}

static void print_event(const char *who, const cJSON *event)
{
    char *text = event ? cJSON_PrintUnformatted(event) : NULL;
    print_message("   %s %.900s\n", who, text ? text : "(nothing)");
    free(text);
}

static void case_agrees_with_the_real_kernel(void **state)
{
    const struct golden_case *c = *state;
    for (size_t i = 0; i < sizeof exceptions / sizeof exceptions[0]; i++)
        if (strcmp(exceptions[i].name, c->name) == 0) skip();
    const cJSON *want = c->want->child, *got = c->got ? c->got->child : NULL;
    while ((want || got) && events_agree(want, got, only_order_counts(c->name))) {
        want = want ? want->next : NULL;
        got = got ? got->next : NULL;
    }
    if (!want && !got) return;
    print_event("real kernel:", want);
    print_event("faultline:  ", got);
    fail_msg("%s differs, kernel %s", c->name, c->kernel);
}

static cJSON *read_recording(const char *kernel)
{
    char path[128];
    snprintf(path, sizeof path, "tests/golden/recordings/%s.jsonl", kernel);
    FILE *file = fopen(path, "r");
    if (!file) return NULL;
    cJSON *cases = cases_read_recording(file);
    fclose(file);
    return cases;
}

static cJSON *run_probe(const char *kernel)
{
    char line[512];
    snprintf(line, sizeof line,
             FAULTLINE_BUILD "/faultline boot --kernel=%s " FAULTLINE_BUILD
                             "/tests/golden/probe-%s.elf --max-steps 20000000000"
                             " --until '@@PROBE END'",
             kernel, kernel);
    FILE *log = popen(line, "r");
    if (!log) return NULL;
    cJSON *cases = cases_read_serial(log);
    return pclose(log) == 0 ? cases : (cJSON_Delete(cases), NULL);
}

static int test_kernel(const char *kernel)
{
    cJSON *want = read_recording(kernel), *got = run_probe(kernel);
    if (!want || !got) {
        fprintf(stderr, "golden, %s: %s\n", kernel,
                want ? "the probe did not run to its end" : "the recording is missing");
        return 1;
    }
    size_t count = (size_t)cJSON_GetArraySize(want), at = 0;
    struct golden_case *cases = calloc(count, sizeof *cases);
    struct CMUnitTest *tests = calloc(count, sizeof *tests);
    const cJSON *item;
    cJSON_ArrayForEach(item, want)
    {
        cases[at] = (struct golden_case){ item->string, kernel, item,
                                          cJSON_GetObjectItem(got, item->string) };
        tests[at] = (struct CMUnitTest){ item->string, case_agrees_with_the_real_kernel, NULL, NULL,
                                         &cases[at] };
        at++;
    }
    int failed = _cmocka_run_group_tests(kernel, tests, count, NULL, NULL);
    free(tests);
    free(cases);
    cJSON_Delete(want);
    cJSON_Delete(got);
    return failed;
}

int main(void)
{
    static const char *const recorded[] = { "nonmcs", "debug" };
    int failed = 0;
    for (size_t i = 0; i < sizeof recorded / sizeof recorded[0]; i++)
        failed += test_kernel(recorded[i]);
    return failed;
}
