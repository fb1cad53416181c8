/* SPDX-License-Identifier: BSD-2-Clause */
/* Sitting at the machine of a program that was booted: the prompt's commands, `type` for its serial port, its
 * symbols and C lines, its past; and the same on the screen. */
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

#define OUT  FAULTLINE_BUILD "/tests/endings/"
#define BOOT FAULTLINE_BUILD "/faultline boot " OUT "echo.elf "

static char said[1 << 16];

static int compile(void **state)
{
    (void)state;
    mkdir(OUT, 0777);
    return system(FAULTLINE_BUILD "/faultline cc -O1 -g tests/endings/source/echo.c -o " OUT
                                  "echo.elf");
}

static int run(const char *command)
{
    FILE *f = popen(command, "r");
    assert_non_null(f);
    said[fread(said, 1, sizeof said - 1, f)] = '\0';
    int status = pclose(f);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* Types lines at the prompt; they must go well. */
static void type(const char *lines, const char *options)
{
    char command[1024];
    snprintf(command, sizeof command, "printf '%s' | " BOOT "--prompt %s 2>&1", lines, options);
    int status = run(command);
    if (status != 0) fail_msg("status %d:\n%s", status, said);
}

#define assert_said(part)                                                                          \
    do {                                                                                           \
        if (!strstr(said, part)) fail_msg("\"%s\" is not in:\n%s", part, said);                    \
    } while (0)

static void what_is_typed_reaches_the_programs_serial_port(void **state)
{
    (void)state;
    type("continue\\ntype hi\\ncontinue\\nexpect rootserver.state == \"blocked on ntfn\"\\n"
         "type q\\ncontinue\\n",
         "");
    assert_said("console| ready");
    assert_said("[h][i]");
    assert_said("[q]");
    assert_said("bye");
}

static void symbols_and_lines_of_the_program_are_known(void **state)
{
    (void)state;
    type("until main\\ndisassemble\\nprint got_byte > 0x400000\\nbreak got_byte\\ncontinue\\n"
         "type x\\ncontinue\\nexpect rootserver.rip == got_byte\\n",
         "");
    assert_said("echo.c:");
    assert_said("set_up(sel4runtime_bootinfo());");
    assert_said("0x1");
}

static void going_back_takes_typed_bytes_back(void **state)
{
    (void)state;
    type("continue\\ntype a\\ncontinue\\nundo 2\\ntype b\\ncontinue\\n", "");
    assert_said("[b]");
    type("continue\\ntype a\\ncontinue\\ngoto start\\ncontinue\\n"
         "expect rootserver.state == \"blocked on ntfn\"\\ngoto now\\n",
         "");
    assert_said("[a]");
}

static void options_of_the_machine_count_at_the_prompt(void **state)
{
    (void)state;
    type("seat = 1\\nthreads\\n", "--memory 32M --domains 4 --max-steps 1000000");
    assert_int_equal(run(BOOT "--prompt --domains 17 </dev/null 2>&1"), 2);
    assert_said("1 to 16");
    assert_int_equal(run(BOOT "--prompt --memory 1M </dev/null 2>&1"), 2);
    assert_said("tip: ");
    assert_int_equal(run(FAULTLINE_BUILD "/faultline boot --prompt </dev/null 2>&1"), 2);
    assert_said("boot what?");
    assert_int_equal(run(FAULTLINE_BUILD "/faultline boot /nowhere.elf --prompt </dev/null 2>&1"),
                     2);
    assert_said("No such file");
}

#define RECORDING OUT "booted.fl"
#define REPLAY    FAULTLINE_BUILD "/faultline replay " RECORDING " "

static void a_session_is_recorded_with_its_machine_and_replayed(void **state)
{
    (void)state;
    remove(RECORDING);
    type("continue\\ntype hi\\ncontinue\\nundo\\ntype ho\\ncontinue\\nsave " OUT
         "booted.machine\\n",
         "--memory 33M --domains 4 --root-cnode-bits 16 --no-x87 --record " RECORDING);
    assert_int_equal(run(REPLAY "2>&1"), 0);
    assert_said("[h][o]");
    assert_said("7 commands done again, 8 states agree");
    assert_int_equal(run("grep '^#[:+]' " RECORDING), 0);
    assert_said("#: memory 33\n#: domains 4\n#: root-cnode-bits 16\n#: no-x87\n#: image " OUT
                "echo.elf");
    assert_int_equal(run("sed 's/root-cnode-bits 16/root-cnode-bits 15/' " RECORDING " > " OUT
                         "other.fl; " FAULTLINE_BUILD "/faultline replay " OUT "other.fl 2>&1"),
                     1);
    assert_said("is not the one that was recorded");
}

static void a_recording_takes_only_the_image_that_it_names(void **state)
{
    (void)state;
    assert_int_equal(run("sed -E 's/^#\\+ [0-9a-f]{8}/#+ 00000000/' " RECORDING " > " OUT
                         "other.fl; " FAULTLINE_BUILD "/faultline replay " OUT "other.fl 2>&1"),
                     3);
    assert_said("is not the file that was recorded");
}

static void a_saved_machine_embeds_its_image(void **state)
{
    (void)state;
    remove(OUT "booted.machine");
    type("continue\\ntype hi\\nsave " OUT "booted.machine\\n", "--memory 48M");
    assert_int_equal(run("printf 'restore " OUT "booted.machine\\ncontinue\\n' | " FAULTLINE_BUILD
                         "/faultline 2>&1"),
                     0);
    assert_said("[h][i]");
}

static void symbols_of_a_program_that_somebody_else_loaded_can_be_told(void **state)
{
    (void)state;
    assert_int_equal(run("strip " OUT "echo.elf -o " OUT "bare.elf"), 0);
    assert_int_equal(run("printf 'until got_byte\\n' | " FAULTLINE_BUILD "/faultline boot " OUT
                         "bare.elf --prompt 2>&1"),
                     3);
    assert_int_equal(
        run("printf 'symbols " OUT "echo.elf rootserver\\nuntil main\\ndisassemble\\nundo 2\\n"
            "until main\\n' | " FAULTLINE_BUILD "/faultline boot " OUT "bare.elf --prompt 2>&1"),
        3);
    assert_said("names; `disassemble`");
    assert_said("echo.c:");
    assert_said("main");
    assert_int_equal(run("printf 'symbols " FAULTLINE_BUILD
                         "/lessons/02-cap-fault/tutorial.elf\\n' | " FAULTLINE_BUILD
                         "/faultline boot " OUT "bare.elf --prompt 2>&1"),
                     3);
    assert_said("not in that thread's memory");
}

static void the_screen_shows_the_booted_machine(void **state)
{
    (void)state;
    FILE *keys = fopen(OUT "keys", "w");
    assert_non_null(keys);
    fputs(":until main\n", keys);
    fclose(keys);
    assert_int_equal(run(BOOT "--screen --keys " OUT "keys --dump-screen 2>&1"), 0);
    assert_said("rootserver");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_typed_reaches_the_programs_serial_port),
        cmocka_unit_test(symbols_and_lines_of_the_program_are_known),
        cmocka_unit_test(going_back_takes_typed_bytes_back),
        cmocka_unit_test(options_of_the_machine_count_at_the_prompt),
        cmocka_unit_test(a_session_is_recorded_with_its_machine_and_replayed),
        cmocka_unit_test(a_recording_takes_only_the_image_that_it_names),
        cmocka_unit_test(a_saved_machine_embeds_its_image),
        cmocka_unit_test(symbols_of_a_program_that_somebody_else_loaded_can_be_told),
        cmocka_unit_test(the_screen_shows_the_booted_machine),
    };
    return cmocka_run_group_tests_name("boot --prompt", tests, compile, NULL);
}
