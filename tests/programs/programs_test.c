/* SPDX-License-Identifier: BSD-2-Clause */
/* Whole programs: each of source/, compiled by gcc and clang at three levels, prints in the simulator what
 * the same compiler's program prints on the host. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "part.h"

enum { OUTPUT_MAX = 1 << 16 };
#define OUT FAULTLINE_BUILD "/tests/programs/"

static const char *const compilers[] = { "gcc", "clang" };
static const char *const levels[] = { "-O0", "-O2", "-O3" };

static bool run(const char *format, ...)
{
    char command[1024];
    va_list a;
    va_start(a, format);
    int length = vsnprintf(command, sizeof command, format, a);
    va_end(a);
    assert_true(length > 0 && (size_t)length < sizeof command);
    return system(command) == 0;
}

/* What a command prints from the program's first line to its last. */
static char *output_of(const char *command)
{
    char *text = calloc(1, OUTPUT_MAX + 1);
    FILE *f = popen(command, "r");
    assert_non_null(f);
    size_t length = fread(text, 1, OUTPUT_MAX, f);
    pclose(f);
    text[length] = '\0';
    const char *begin = strstr(text, "program begins\n");
    char *end = strstr(text, "program ends");
    if (!begin || !end) fail_msg("%s: no program begins and ends: %.400s", command, text);
    *end = '\0';
    memmove(text, begin, strlen(begin) + 1);
    return text;
}

static void check_equal(const char *what, const char *host, const char *guest)
{
    size_t line = 1, i = 0, start = 0;
    for (; host[i] && host[i] == guest[i]; i++)
        if (host[i] == '\n') line++, start = i + 1;
    if (host[i] == guest[i]) return;
    fail_msg("%s: line %zu\n  host:  %.*s\n  guest: %.*s", what, line,
             (int)strcspn(host + start, "\n"), host + start, (int)strcspn(guest + start, "\n"),
             guest + start);
}

/* `library`: what the guest is linked with, "" for nothing. */
static void check_program(const char *name, const char *compiler, const char *level,
                          const char *library)
{
    char what[128], command[256];
    const char *sources = "tests/programs/source";
    snprintf(what, sizeof what, "%s.%s%s", name, compiler, level);
    assert_true(run("%s %s -w -march=nehalem -ffp-contract=off %s/%s.c %s/say.c -o " OUT "%s",
                    compiler, level, sources, name, sources, what));
    assert_true(run("CC=%s " FAULTLINE_BUILD "/faultline cc %s -w %s/%s.c %s/say.c %s -o " OUT
                    "%s.elf",
                    compiler, level, sources, name, sources, library, what));
    snprintf(command, sizeof command, OUT "%s", what);
    char *host = output_of(command);
    snprintf(command, sizeof command,
             FAULTLINE_BUILD "/faultline boot " OUT "%s.elf --until 'program ends' </dev/null",
             what);
    char *guest = output_of(command);
    check_equal(what, host, guest);
    free(host);
    free(guest);
}

static void check_everywhere(const char *name, const char *library)
{
#if !defined(__x86_64__)
    skip();
#endif
    static size_t ways; /* over all programs: a part has other compilers and levels of each */
    for (int c = 0; c < 2; c++) {
        bool is_here = run("command -v %s >" OUT "found", compilers[c]);
        for (int l = 0; l < 3; l++)
            if (part_has(ways++) && is_here) check_program(name, compilers[c], levels[l], library);
    }
}

static void prints_what_it_prints_on_the_host(void **state)
{
    check_everywhere(*state, "");
}

static void a_real_librarys_functions_do_what_the_hosts_do(void **state)
{
    static const char musl[] = "/usr/lib/x86_64-linux-musl/libc.a";
    (void)state;
    if (access(musl, R_OK) != 0) skip();
    /* Not the whole of it: its stdio would want a kernel of its own. */
    assert_true(run("rm -rf " OUT "musl && mkdir -p " OUT "musl && cd " OUT "musl && ar x %s "
                    "memcpy.lo memmove.lo memset.lo memcmp.lo memchr.lo memrchr.lo strlen.lo "
                    "strcpy.lo stpcpy.lo strncpy.lo stpncpy.lo strcat.lo strcmp.lo strncmp.lo "
                    "strchr.lo strchrnul.lo strrchr.lo strstr.lo strspn.lo strcspn.lo qsort.lo "
                    "qsort_nr.lo && ar rcs ../musl.a *.lo",
                    musl));
    check_everywhere("libc", OUT "musl.a");
}

#define PROGRAM(program)                                                                           \
    {                                                                                              \
        .name = #program "_prints_what_it_prints_on_the_host",                                     \
        .test_func = prints_what_it_prints_on_the_host,                                            \
        .initial_state = (void *)(uintptr_t) #program                                              \
    }

int main(void)
{
    const struct CMUnitTest tests[] = {
        PROGRAM(hash),       PROGRAM(sort),
        PROGRAM(bignum),     PROGRAM(floating),
        PROGRAM(longdouble), PROGRAM(text),
        PROGRAM(jump),       cmocka_unit_test(a_real_librarys_functions_do_what_the_hosts_do),
    };
    return cmocka_run_group_tests_name("whole programs", tests, NULL, NULL);
}
