/* SPDX-License-Identifier: BSD-2-Clause */
/* The guest programs of the lessons: every root task booted, right and wrong ones, and the programs
 * for `load` put together by a script as a lesson does it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FAULTLINE FAULTLINE_BUILD "/faultline"
#define LESSONS   FAULTLINE_BUILD "/lessons/"
#define SCRIPT    FAULTLINE_BUILD "/tests/guest/lesson.fl"

/* What a program must print, in this order, and what it must not. */
struct expectation {
    const char *elf, *printed[4], *never;
};

static const struct expectation root_tasks[] = {
    { "02-cap-fault/tutorial",
      { "badge 0xbeef", "Addr 3, InRecvPhase 1, LookupFailureType 2, BitsLeft 0",
        "faulter: received label 7, word 42: I went on",
        "faulter                                    blocked on recv" },
      "Caught" },
    { "02-cap-fault/tutorial_no_copy",
      { "Caught cap fault in send phase at address 0x2",
        "cap fault in receive phase at address 0x3",
        "faulter                                    inactive" },
      "I went on" },
    { "02-cap-fault/tutorial_no_fill",
      { "Addr 3, InRecvPhase 1", "Addr 3, InRecvPhase 1", "Addr 3, InRecvPhase 1" },
      "I went on" },
    { "03-vm-faults/pager",
      { "FSR 0x4\n", "wrote, and read 1234", "FSR 0x7\n", "faulter: back from the jump" },
      "give up" },
    { "03-vm-faults/pager_no_map", { "FSR 0x4\n", "FSR 0x4\n", "I give up" }, "faulter: read 0" },
    { "03-vm-faults/pager_read_only", { "FSR 0x7\n", "FSR 0x7\n", "I give up" }, "and read 77" },
    { "04-trap-and-emulate/emulate",
      { "Syscall 3\n", "rax 60, arguments 1 2 3 4 5 6", "After the syscall instruction! rax = 1000",
        "label 5, Addr 0x0" },
      "give up" },
    { "04-trap-and-emulate/emulate_write_registers",
      { "After the syscall instruction! rax = 1000", "After the syscall", "After the syscall" },
      "give up" },
    { "04-trap-and-emulate/emulate_empty_reply",
      { "rax 60,", "rax 60,", "the same again and again" },
      "After" },
    { "04-trap-and-emulate/emulate_no_skip",
      { "rax 60,", "rax 1000,", "the same again and again" },
      "After" },
    { "04-trap-and-emulate/emulate_label",
      { "rax 60,", "program                                    inactive" },
      "After" },
    { "04-trap-and-emulate/emulate_wrong_thread",
      { "After the syscall", "unknown syscall 0x3", "\"bystander\"",
        "program                                    blocked on reply" },
      NULL },
    { "04-trap-and-emulate/emulate_no_rbx", { "rax 60,", "Addr 0xfffffffffffffff8" }, "After" },
    { "04-trap-and-emulate/minus_one",
      { "Syscall 4294967295", "rax = 1000", "Attempted to invoke a null cap #5", "rax = 60" },
      NULL },
    { "04-trap-and-emulate/reply_lengths",
      { "length 0 wrote:\n", "length 1 wrote: rax\n", "length 16 wrote: rax rbx rcx",
        "r14 r15 rflags\n" },
      NULL },
};

static char *output_of(const char *command)
{
    FILE *out = popen(command, "r");
    assert_non_null(out);
    char *text = NULL;
    size_t size = 0;
    if (getdelim(&text, &size, '\0', out) < 0) text = strdup("");
    pclose(out);
    return text;
}

static void assert_prints(const struct expectation *e, const char *text)
{
    const char *at = text;
    for (size_t i = 0; i < 4 && e->printed[i]; i++) {
        const char *found = strstr(at, e->printed[i]);
        if (!found) fail_msg("%s: no \"%s\" in its place in:\n%s", e->elf, e->printed[i], text);
        at = found + 1;
    }
    if (e->never && strstr(text, e->never)) fail_msg("%s: \"%s\" in:\n%s", e->elf, e->never, text);
}

static void skip_unless_built(void)
{
    if (access(LESSONS "02-cap-fault/tutorial.elf", R_OK) != 0) skip();
}

static void every_root_task_of_a_lesson_prints_what_the_lesson_says(void **state)
{
    (void)state;
    skip_unless_built();
    for (size_t i = 0; i < sizeof root_tasks / sizeof *root_tasks; i++) {
        char command[512];
        snprintf(command, sizeof command,
                 FAULTLINE " boot " LESSONS "%s.elf --max-steps 10000000 2>&1", root_tasks[i].elf);
        char *text = output_of(command);
        assert_prints(&root_tasks[i], text);
        free(text);
    }
}

static void assert_script_prints(const char *script, const struct expectation *e)
{
    skip_unless_built();
    FILE *f = fopen(SCRIPT, "w");
    assert_non_null(f);
    fputs(script, f);
    fclose(f);
    char *text = output_of(FAULTLINE " run " SCRIPT " 2>&1");
    assert_prints(e, text);
    free(text);
}

static void loaded_faulter_and_handler_pass_the_cap_fault_tutorial(void **state)
{
    (void)state;
    static const struct expectation e = { "loaded tutorial",
                                          { "badge 0xbeef", "I went on" },
                                          "error " };
    assert_script_prints(
        "new endpoint sequence\nnew endpoint fault_ep\nnew endpoint gift\n"
        "load " LESSONS "02-cap-fault/handler.elf handler\n"
        "load " LESSONS "02-cap-fault/faulter.elf faulter\n"
        "copy sequence handler_cspace/1\ncopy fault_ep handler_cspace/2\n"
        "copy faulter_tcb handler_cspace/3\ncopy faulter_cspace handler_cspace/4\n"
        "copy faulter_vspace handler_cspace/5\ncopy handler_cspace handler_cspace/6\n"
        "copy gift handler_cspace/8\ncopy sequence faulter_cspace/1\ncontinue\n",
        &e);
}

static void loaded_pager_mends_all_faults_of_a_loaded_faulter(void **state)
{
    (void)state;
    static const struct expectation e = { "loaded pager",
                                          { "and read 1234", "back from the jump" },
                                          "error " };
    assert_script_prints(
        "new endpoint fault_ep\n"
        "load " LESSONS "03-vm-faults/handler.elf handler\n"
        "load " LESSONS "03-vm-faults/faulter.elf faulter\n"
        "copy fault_ep handler_cspace/1\ncopy faulter_tcb handler_cspace/2\n"
        "copy faulter_vspace handler_cspace/3\nnew frame f0\nnew frame f1\nnew frame f2\n"
        "move f0 handler_cspace/4\nmove f1 handler_cspace/5\nmove f2 handler_cspace/6\n"
        "tables faulter_vspace 0x10000000\nmint fault_ep faulter_cspace/1 badge 0xfa\n"
        "setspace faulter fault_ep 1\ncontinue\n",
        &e);
}

static void loaded_handler_emulates_the_calls_of_a_loaded_program(void **state)
{
    (void)state;
    static const struct expectation e = { "loaded emulation",
                                          { "After the syscall", "After the syscall",
                                            "After the syscall" },
                                          "give up" };
    assert_script_prints("new endpoint fault_ep\n"
                         "load " LESSONS "04-trap-and-emulate/handler.elf handler\n"
                         "load " LESSONS "04-trap-and-emulate/program.elf program\n"
                         "copy fault_ep handler_cspace/1\ncopy program_tcb handler_cspace/2\n"
                         "mint fault_ep program_cspace/1 badge 0x60\nsetspace program fault_ep 1\n"
                         "continue\n",
                         &e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_root_task_of_a_lesson_prints_what_the_lesson_says),
        cmocka_unit_test(loaded_faulter_and_handler_pass_the_cap_fault_tutorial),
        cmocka_unit_test(loaded_pager_mends_all_faults_of_a_loaded_faulter),
        cmocka_unit_test(loaded_handler_emulates_the_calls_of_a_loaded_program),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
