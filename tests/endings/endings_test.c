/* SPDX-License-Identifier: BSD-2-Clause */
/* Root tasks that take the ground from under their own feet (source/ending.c): nothing crashes, the rules
 * hold to the end, and `faultline boot` says in words who is left and why nobody can go on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "world/boot.h"
#include "world/session.h"

#define OUT    FAULTLINE_BUILD "/tests/endings/"
#define MEMORY (UINT64_C(64) << 20)
enum { STEPS_MAX = 20000000, SAID_MAX = 16 << 20 };

struct ending {
    const char *function, *options, *says;
};

static const struct ending endings[] = {
    { "own_tcb_deleted", "", "the last capability to the last thread's TCB was deleted" },
    { "null_function_called", "", "it went to address 0: a null function pointer" },
    { "own_cnode_revoked", "", "its CSpace is gone" },
    { "own_vspace_deleted", "", "its address space is gone" },
    { "own_code_unmapped", "", "its code is unmapped" },
    { "own_tcb_suspended", "", "and nobody resumes it" },
    { "memory_exhausted", "", "blocked on recv, at 0x4" },
    { "everything_revoked", "", "no thread can run any more" },
    { "everything_deleted", "", "no thread can run any more" },
    { "own_fault_handler", "", "until somebody receives at endpoint" },
    { "domain_never_comes", "--domains 4", "its domain's turn never comes" },
    { "root_cnode_overwritten", "", "no thread can run any more" },
};

static void compile(const struct ending *e)
{
    char command[512];
    snprintf(command, sizeof command,
             FAULTLINE_BUILD
             "/faultline cc -O1 -w -DENDING=%s tests/endings/source/ending.c -o " OUT "%s.elf",
             e->function, e->function);
    if (system(command) != 0) fail_msg("%s", command);
}

/* Runs it as people do; what it said on both streams. The exit status. */
static int boot(const struct ending *e, char *said)
{
    char command[512];
    snprintf(command, sizeof command,
             FAULTLINE_BUILD "/faultline boot " OUT
                             "%s.elf --memory 64M --max-steps %d %s </dev/null 2>&1",
             e->function, STEPS_MAX, e->options);
    FILE *f = popen(command, "r");
    assert_non_null(f);
    said[fread(said, 1, SAID_MAX - 1, f)] = '\0';
    int status = pclose(f);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void the_end_is_explained(void **state)
{
    const struct ending *e = *state;
    char *said = malloc(SAID_MAX);
    assert_non_null(said);
    compile(e);
    int status = boot(e, said);
    const char *wanted[] = { "begin", "no thread can run any more:", e->says, "tip: " };
    if (status != 0) fail_msg("%s: status %d\n%s", e->function, status, said);
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++)
        if (!strstr(said, wanted[i]))
            fail_msg("%s: no \"%s\" in\n%s", e->function, wanted[i], said);
    free(said);
}

/* The rules, now and then on the way. */
static bool is_broken(void *context)
{
    const struct session *s = context;
    const struct world *w = session_world_at(s);
    if (world_state_at(w)->steps % 512) return false;
    return kernel_check_invariants(w) != NULL;
}

static void the_rules_hold_to_the_end(void **state)
{
    const struct ending *e = *state;
    struct problem p = { .text = "" };
    struct kernel_config config = kernel_config_default;
    char path[256];
    if (e->options[0]) config.num_domains = 4;
    snprintf(path, sizeof path, OUT "%s.elf", e->function);
    struct session *s = session_open(&config, MEMORY, &p);
    assert_non_null(s);
    struct image *image = boot_program(path, "nonmcs", &(struct kernel_config){ 0 }, &p);
    if (!image || !session_boot_program(s, image, &p)) fail_msg("%s: %s", path, p.text);
    session_limit(s, STEPS_MAX);
    const struct until until = { .holds = is_broken, .context = s };
    struct stop stop = session_run(s, &until);
    const char *wrong = kernel_check_invariants(session_world_at(s));
    if (wrong) fail_msg("%s: %s", e->function, wrong);
    assert_int_equal(stop.kind, STOP_IDLE);
    assert_true(world_is_dead(session_world_at(s)));
    session_close(s);
}

int main(void)
{
    enum { ENDINGS = sizeof endings / sizeof endings[0] };
    static char name[2 * ENDINGS][64];
    struct CMUnitTest tests[2 * ENDINGS];
    mkdir(OUT, 0777);
    for (size_t i = 0; i < 2 * ENDINGS; i++) {
        const struct ending *e = &endings[i / 2];
        snprintf(name[i], sizeof name[i], "%s_%s", e->function,
                 i % 2 ? "keeps_the_rules" : "is_explained");
        tests[i] = (struct CMUnitTest){ .name = name[i],
                                        .test_func = i % 2 ? the_rules_hold_to_the_end
                                                           : the_end_is_explained,
                                        .initial_state = (void *)(uintptr_t)e };
    }
    return cmocka_run_group_tests_name("endings", tests, NULL, NULL);
}
