/* SPDX-License-Identifier: BSD-2-Clause */
/* The boot images of the lessons: the right ones do their work, the wrong ones show their failure. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

enum { LINES = 8, OUTPUT = 1 << 16 };

/* What an image prints, in this order; what it never prints; and the line that `--until` ends it with. */
struct image_case {
    const char *image, *says[LINES], *never, *until;
};

#define LAST  "rootserver: nobody else can run; the end"
#define AFTER "program: After the syscall instruction! rax = 1000"

/* clang-format off */
static const struct image_case cases[] = {
    { "02-cap-fault/tutorial",
      { "handler: the faulter names slot 2", "faulter: receiving from slot 3", "label 1 (CapFault), length 5, badge 0xbeef",
        "Addr 3, InRecvPhase 1, LookupFailureType 2, BitsLeft 0", "faulter: received label 7, word 42: I went on", LAST },
      "Caught", "I went on" },
    { "02-cap-fault/tutorial_no_copy",
      { "faulter: receiving from slot 3", "Caught cap fault in send phase at address 0x2", "cap fault in receive phase at address 0x3",
        "inactive", LAST },
      "label 1", LAST },
    { "02-cap-fault/tutorial_no_fill",
      { "(CapFault), length 5", "(CapFault), length 5", "(CapFault), length 5", "handler: my work is done", "blocked on reply", LAST },
      "I went on", "my work is done" },
    { "03-vm-faults/pager",
      { "Addr 0x10000000, PrefetchFault 0, FSR 0x4", "faulter: read 0", "Addr 0x10001000, PrefetchFault 0, FSR 0x6",
        "faulter: wrote, and read 1234", "Addr 0x10002000, PrefetchFault 0, FSR 0x7", "faulter: wrote, and read 77",
        "Addr 0x10003000 (= IP), PrefetchFault 0, FSR 0x4", "faulter: back from the jump" },
      "Caught", "all four went well" },
    { "03-vm-faults/pager_no_map",
      { "Addr 0x10000000", "Addr 0x10000000", "Addr 0x10000000", "handler: one fault too many: I give up", LAST },
      "faulter: read 0", "I give up" },
    { "03-vm-faults/pager_read_only",
      { "now writing there", "FSR 0x7", "FSR 0x7", "handler: one fault too many: I give up", LAST },
      "wrote, and read 77", "I give up" },
    { "04-trap-and-emulate/emulate",
      { "label 2, length 19, badge 0x60, Syscall 3", "rax 60, arguments 1 2 3 4 5 6", AFTER, AFTER, AFTER,
        "handler: label 5, Addr 0x0:", "bystander                                  blocked on recv", LAST },
      "give up", "handler: label 5" },
    { "04-trap-and-emulate/emulate_write_registers",
      { "rax 60, arguments 1 2 3 4 5 6", AFTER, AFTER, AFTER, "handler: label 5, Addr 0x0:", LAST }, "give up", AFTER },
    { "04-trap-and-emulate/emulate_empty_reply",
      { "rax 60", "rax 60", "rax 60", "handler: the same again and again: I give up", LAST }, "After the syscall", "I give up" },
    { "04-trap-and-emulate/emulate_no_skip",
      { "rax 60", "rax 1000", "rax 1000", "handler: the same again and again: I give up", LAST }, "After the syscall", "I give up" },
    { "04-trap-and-emulate/emulate_label",
      { "rax 60, arguments 1 2 3 4 5 6", "program                                    inactive", LAST }, "After the syscall", LAST },
    { "04-trap-and-emulate/emulate_no_rbx",
      { "rax 60", "handler: label 5, Addr 0xfffffffffffffff8", LAST }, "After the syscall", "0xfffffffffffffff8" },
    { "04-trap-and-emulate/emulate_wrong_thread",
      { AFTER, "Caught cap fault in send phase at address 0\n", "in thread", "\"bystander\"",
        "program                                    blocked on reply", LAST }, "give up", LAST },
    { "04-trap-and-emulate/reply_lengths",
      { "a reply of length 0 wrote:\n", "a reply of length 1 wrote: rax\n",
        "a reply of length 16 wrote: rax rbx rcx rsi rdi rbp r8 r9 r10 r11 r12 r13 r14 r15\n",
        "a reply of length 18 wrote: rax rbx rcx rsi rdi rbp r8 r9 r10 r11 r12 r13 r14 r15 rflags\n", LAST },
      "Caught", "rflags" },
    { "04-trap-and-emulate/minus_one",
      { "program: a 32-bit -1", "Syscall 4294967295", "rax = 1000", "program: a 64-bit -1", "Attempted to invoke a null cap #5.",
        "rax = 60: seL4 has taken the call", LAST },
      "Caught", "seL4 has taken the call" },
    { "11-copying-and-revoking/capabilities",
      { "the CNode has 8192 slots, 262144 bytes", "Attempted to invoke a null cap #8191.", "8191, is empty: error 2", "errors 0 and 0",
        "the priority, set by the copy: error 0", "a move onto a full slot: error 8", "moves from both slots: errors 6 and 6", "stopping myself" },
      "never printed", "stopping myself" },
    { "16-watch-only-one/component",
      { "faultOut                                   restart", "fault_handler: a fault with badge 0x60", "while trying to handle:",
        "vm fault on data at address 0x10001000", "fault_handler                              inactive",
        "control                                    blocked on reply", LAST },
      "never here", LAST },
    { "16-watch-only-one/component_all",
      { "fault_handler: a fault with badge 0x60", "fault_handler                              blocked on send",
        "control                                    blocked on reply", LAST },
      "Caught", LAST },
};
/* clang-format on */

/* Boots an image; its output in `out`. Returns the exit status. */
static int boot(const struct image_case *c, const char *until, char *out)
{
    char command[512];
    snprintf(command, sizeof command,
             FAULTLINE_BUILD "/faultline boot %s.elf --max-steps 20M %s%s%s 2>/dev/null", c->image,
             until ? "--until '" : "", until ? until : "", until ? "'" : "");
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    size_t n = fread(out, 1, OUTPUT - 1, pipe);
    out[n] = '\0';
    int status = pclose(pipe);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void image_prints_what_its_lesson_says(void **state)
{
    const struct image_case *c = *state;
    char *out = malloc(OUTPUT);
    assert_non_null(out);
    assert_int_equal(boot(c, NULL, out), 0);
    const char *at = out;
    for (unsigned i = 0; i < LINES && c->says[i]; i++) {
        at = strstr(at, c->says[i]);
        if (!at) fail_msg("%s: no \"%s\" in its place in:\n%s", c->image, c->says[i], out);
        at += strlen(c->says[i]);
    }
    if (strstr(out, c->never)) fail_msg("%s printed \"%s\":\n%s", c->image, c->never, out);
    free(out);
}

static void image_ends_with_what_until_waits_for(void **state)
{
    const struct image_case *c = *state;
    char *out = malloc(OUTPUT);
    assert_non_null(out);
    assert_int_equal(boot(c, c->until, out), 0);
    size_t n = strlen(out), end = strlen(c->until);
    assert_true(n >= end);
    assert_string_equal(out + n - end, c->until);
    assert_int_equal(boot(c, "this is never printed", out), 1);
    free(out);
}

int main(void)
{
    enum { COUNT = sizeof cases / sizeof cases[0] };
    static struct CMUnitTest test[2 * COUNT];
    static char name[2 * COUNT][128];
    for (size_t i = 0; i < COUNT; i++) {
        snprintf(name[2 * i], sizeof name[0], "%s_prints_what_its_lesson_says", cases[i].image);
        snprintf(name[2 * i + 1], sizeof name[0], "%s_ends_with_until", cases[i].image);
        test[2 * i] = (struct CMUnitTest){ .name = name[2 * i],
                                           .test_func = image_prints_what_its_lesson_says,
                                           .initial_state = (void *)(uintptr_t)&cases[i] };
        test[2 * i + 1] = (struct CMUnitTest){ .name = name[2 * i + 1],
                                               .test_func = image_ends_with_what_until_waits_for,
                                               .initial_state = (void *)(uintptr_t)&cases[i] };
    }
    return _cmocka_run_group_tests("images", test, 2 * COUNT, NULL, NULL);
}
