/* SPDX-License-Identifier: BSD-2-Clause */
/* The built program with scripts and pipes: exit statuses, messages with file and line, limits. */
#include "shell/typing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "place.h"

#define FAULTLINE FAULTLINE_BUILD "/faultline"

/* Runs a shell command; its exit status, and what it said on both streams. */
static int run(const char *command, char *said, size_t size)
{
    FILE *pipe = popen(command, "r");
    size_t n = fread(said, 1, size - 1, pipe);
    said[n] = '\0';
    while (n > 0 && fgetc(pipe) != EOF) n++;
    int status = pclose(pipe);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

#define assert_run(command, wanted, part)                                                          \
    do {                                                                                           \
        char output[8192];                                                                         \
        int got = run(command " 2>&1", output, sizeof output);                                     \
        if (got != (wanted)) fail_msg("%s: exit %d\n%s", command, got, output);                    \
        assert_says(output, part);                                                                 \
    } while (0)

static void a_good_script_from_a_pipe_ends_with_0_and_no_prompt(void **state)
{
    char said[512];
    (void)state;
    assert_int_equal(
        run("printf 'echo one\\n\\n# comment\\nprint 2\\n' | " FAULTLINE, said, sizeof said), 0);
    assert_string_equal(said, "one\n  0x2  (2)\n");
}

static void an_error_in_line_7_names_file_and_line(void **state)
{
    (void)state;
    assert_run("printf '\\n\\n\\nprint (1\\n+1)\\n\\nprnt 5\\nprint 6\\n' > $T/seven.fl; " FAULTLINE
               " run $T/seven.fl",
               3, "/seven.fl:7: there is no command `prnt`\n  tip: did you mean `print`?");
}

static void a_failed_check_ends_with_1(void **state)
{
    (void)state;
    assert_run("echo 'expect 1 == 2' | " FAULTLINE, 1, "stdin:1: check failed: 1 == 2");
}

static void a_missing_script_ends_with_3(void **state)
{
    (void)state;
    assert_run(FAULTLINE " run /nowhere/at.all", 3, "/nowhere/at.all: No such file");
    assert_run(FAULTLINE " run /tmp", 3, "is a directory");
}

static void a_wrong_option_ends_with_2(void **state)
{
    (void)state;
    assert_run(FAULTLINE " --colour-of-magic", 2, "tip: faultline --help");
    assert_run(FAULTLINE " run", 2, "faultline run FILE");
    assert_run(FAULTLINE " run x --max-steps many", 2, "wants a number");
    assert_run(FAULTLINE " run x --history 0", 2, "wants a number of MiB");
    assert_run(
        "printf 'new thread x\\ngoto start\\ngoto now\\nexpect x.prio == 254\\n' | " FAULTLINE
        " --history 1",
        0, "");
    assert_run(FAULTLINE " lesson 77", 2, "77");
}

static void help_and_version_go_to_standard_output(void **state)
{
    (void)state;
    assert_run(FAULTLINE " --version 2>/dev/null", 0, "faultline ");
    assert_run(FAULTLINE " --help 2>/dev/null", 0, "--max-steps");
}

static void code_that_runs_for_ever_meets_the_limit(void **state)
{
    (void)state;
    assert_run("echo 'new thread x' | " FAULTLINE " --max-steps 3", 4, "in the middle of");
    assert_run(FAULTLINE " lesson 3 --max-steps 3", 4, "set-up runs to the limit on steps");
    assert_run("echo 'jump 0x7ff000' | timeout 600 " FAULTLINE " --max-steps 100000", 4, "limit");
}

static void a_script_that_sources_itself_is_refused(void **state)
{
    (void)state;
    assert_run("echo source $T/self.fl > $T/self.fl; " FAULTLINE " run $T/self.fl", 3,
               "nested more than");
}

static void a_blocked_seat_is_an_error_with_a_tip(void **state)
{
    (void)state;
    assert_run("printf 'new endpoint ep\\nrecv ep\\nread 0\\n' | " FAULTLINE, 3, "tip: ");
}

static void zero_bytes_and_noise_are_refused(void **state)
{
    (void)state;
    assert_run("printf 'echo \\0 x\\n' | " FAULTLINE, 3, "stdin:1: this is no line of text");
    assert_run("head -c 100000 /dev/zero | tr '\\0' x | " FAULTLINE, 3,
               "stdin:1: this is no line of text");
    assert_run("printf 'echo \"open\\n' | " FAULTLINE, 3, "a `\"` is missing");
}

/* The licence's first eight letters, read by a thread that the file was given to. */
static void a_file_is_loaded_as_data_into_a_thread(void **state)
{
    (void)state;
    assert_run("printf 'new thread t\nload LICENSE t at 0x20000000\nas t\nread 0x20000000\n"
               "expect t.rax == 0x%x\n' $(od -An -tu8 -N8 LICENSE) | " FAULTLINE,
               0, "rax = ");
    assert_run("printf 'new thread t\nload LICENSE t at 0x20000001\n' | " FAULTLINE, 3,
               "seL4_AlignmentError");
    assert_run("printf 'load LICENSE nobody at 0x20000000\n' | " FAULTLINE, 3, "nobody_vspace");
    assert_run("printf 'new thread t\nload src t at 0x20000000\n' | " FAULTLINE, 3,
               "is a directory");
}

static void an_elf_that_is_none_is_refused(void **state)
{
    (void)state;
    assert_run("echo 'load Makefile x' | " FAULTLINE, 3, "stdin:1: ");
    assert_run("echo 'load /nowhere x' | " FAULTLINE, 3, "/nowhere");
}

static void the_lesson_plays_from_a_pipe(void **state)
{
    (void)state;
    assert_run(FAULTLINE " lesson 1 < lessons/01-first-fault/solution.fl", 0, "Lesson 1 is done");
    assert_run(FAULTLINE " lesson 1 --variant ada < lessons/01-first-fault/solution.fl", 0,
               "Lesson 1 is done");
}

static void the_kernel_of_a_prompt_can_be_chosen(void **state)
{
    (void)state;
#define SINGLE_STEP "echo 'seL4_TCB_ConfigureSingleStepping(tcb, 0, 1)' | " FAULTLINE
    assert_run(SINGLE_STEP " --kernel debug", 0, "seL4_NoError");
    assert_run(SINGLE_STEP, 3, "no function `seL4_TCB_ConfigureSingleStepping`");
    assert_run(FAULTLINE " --kernel mcs </dev/null", 2, "not modelled");
    assert_run(FAULTLINE " --kernel linux </dev/null", 2, "there is no kernel linux");
}

static void what_a_program_wants_of_the_processor_is_said(void **state)
{
    (void)state;
    assert_run("echo 'asm \"wrfsbase rax\"' | " FAULTLINE, 0,
               "built for FSGSBASE: boot it with --fsgsbase");
    assert_run("echo 'asm \"ud2\"' | " FAULTLINE, 0, "vector 6, invalid opcode. The kernel");
    if (system("command -v cc >/dev/null") != 0) return;
#define FS_PROGRAM FAULTLINE " boot $T/fs.elf"
    assert_run(
        "printf '#include <stdio.h>\\nint main(void) { unsigned long b; __asm__ "
        "volatile(\"rdfsbase %%0\" : \"=r\"(b)); puts(b ? \"a base\" : \"none\"); return 0; }' "
        "> $T/fs.c; " FAULTLINE " cc $T/fs.c -o $T/fs.elf; " FS_PROGRAM,
        0, "built for FSGSBASE: boot it with --fsgsbase");
    assert_run(FS_PROGRAM " --fsgsbase", 0, "a base");
#define LONG_PROGRAM FAULTLINE " boot $T/long.elf"
    assert_run("printf '#include <stdio.h>\nint main(void) { volatile long double x = 2; "
               "puts(x * x == 4 ? \"four\" : \"none\"); return 0; }' "
               "> $T/long.c; " FAULTLINE " cc $T/long.c -o $T/long.elf; " LONG_PROGRAM " --no-x87",
               0, "built for x87 or MMX, which only an x86-64 host lends");
#if defined(__x86_64__)
    assert_run(LONG_PROGRAM, 0, "four");
#endif
}

/* $T: a folder for this process alone. Where lessons lie, wherever the program was built: here. */
static int prepare(void **state)
{
    char folder[PLACE_SIZE], here[4096];
    (void)state;
    if (place_make(folder, "script") != 0 || !realpath(".", here)) return -1;
    return setenv("T", folder, 1) | setenv("FAULTLINE_SHARE", here, 0);
}

static int tidy(void **state)
{
    (void)state;
    return place_remove(getenv("T"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_script_from_a_pipe_ends_with_0_and_no_prompt),
        cmocka_unit_test(an_error_in_line_7_names_file_and_line),
        cmocka_unit_test(a_failed_check_ends_with_1),
        cmocka_unit_test(a_missing_script_ends_with_3),
        cmocka_unit_test(a_file_is_loaded_as_data_into_a_thread),
        cmocka_unit_test(a_wrong_option_ends_with_2),
        cmocka_unit_test(help_and_version_go_to_standard_output),
        cmocka_unit_test(code_that_runs_for_ever_meets_the_limit),
        cmocka_unit_test(a_script_that_sources_itself_is_refused),
        cmocka_unit_test(a_blocked_seat_is_an_error_with_a_tip),
        cmocka_unit_test(zero_bytes_and_noise_are_refused),
        cmocka_unit_test(an_elf_that_is_none_is_refused),
        cmocka_unit_test(the_lesson_plays_from_a_pipe),
        cmocka_unit_test(the_kernel_of_a_prompt_can_be_chosen),
        cmocka_unit_test(what_a_program_wants_of_the_processor_is_said),
    };
    return cmocka_run_group_tests(tests, prepare, tidy);
}
