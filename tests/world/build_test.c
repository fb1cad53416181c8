/* SPDX-License-Identifier: BSD-2-Clause */
/* Objects, threads and programs that are built by invocations. */
#include "world/lesson.h"

#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static struct cap cap_named(const struct session *s, const char *name)
{
    return cte_at(session_world_at(s), name_find(session_world_at(s), seat_cspace(s), name))->cap;
}

static void a_thread_has_four_names_and_a_cspace_that_takes_64_bits(void **state)
{
    struct session *s = *state;
    const struct world *w = session_world_at(s);

    new_thread(s, "handler");

    paddr_t tcb = thread(s, "handler");
    assert_int_equal(cap_thread_object(cap_named(s, "handler_tcb")), tcb);
    assert_int_equal(cap_cnode_radix(cap_named(s, "handler_cspace")), 8);
    assert_int_equal(cap_cnode_guard_size(cap_named(s, "handler_cspace")), 56);
    assert_int_equal(cap_type(cap_named(s, "handler_vspace")), CAP_PML4);
    assert_int_equal(cap_type(cap_named(s, "handler_ipcbuf")), CAP_FRAME);
    assert_int_equal(tcb_at(w, tcb)->priority, 254);
    assert_int_equal(tcb_at(w, tcb)->ipc_buffer, HAND_BUFFER);
    assert_true(hand_waits(w, tcb));
    assert_string_equal(thread_name(w, tcb), "handler");
    assert_null(kernel_check_invariants(w));
}

static void every_step_is_a_call_and_one_undo_takes_them_all_back(void **state)
{
    struct session *s = *state;
    uint64_t before = arena_hash(session_world_at(s));
    session_begin(s, "new thread handler");

    struct build b = build_thread(s, "handler");

    assert_true(b.ok);
    size_t calls = 0;
    for (size_t i = 0; i < session_event_count(s); i++)
        calls += session_event(s, i)->kind == EVENT_CALL;
    assert_in_range(calls, b.calls, b.calls + 9); /* long ones are restarted */
    assert_int_equal(session_undo(s, 1), 1);
    assert_int_equal(arena_hash(session_world_at(s)), before);
}

static void breakpoints_wait_until_all_is_built(void **state)
{
    struct session *s = *state;
    session_break_add(
        s, &(struct breakpoint){ .watch = { .kind = WATCH_CALL, .label = "UntypedRetype" } });
    session_slowly(s, true);

    assert_true(build_thread(s, "handler").ok);
    assert_int_equal(do_call(s, "seL4_Untyped_Retype", 80, 0, NULL, 2, 0, 2, 0, 0, 700, 1),
                     STOP_BREAK);
}

static void a_name_that_is_taken_is_refused_before_anything_is_made(void **state)
{
    struct session *s = *state;
    new_thread(s, "handler");
    uint64_t before = arena_hash(session_world_at(s));

    struct build b = build_thread(s, "handler");

    assert_false(b.ok);
    assert_int_equal(b.calls, 0);
    assert_non_null(strstr(b.problem.text, "handler"));
    assert_false(build_thread(s, "two words").ok);
    assert_false(build_thread(s, "").ok);
    assert_int_equal(arena_hash(session_world_at(s)), before);
}

static void a_seat_without_untyped_memory_is_told_what_it_lacks(void **state)
{
    struct session *s = *state;
    new_thread(s, "handler");
    sit(s, "handler");

    struct build b = build_thread(s, "third");

    assert_false(b.ok);
    assert_non_null(strstr(b.problem.text, "handler has no capability to"));
}

static void objects_of_every_kind_can_be_made(void **state)
{
    static const struct {
        const char *kind;
        unsigned size_bits;
        enum cap_type type;
    } row[] = {
        { "endpoint", 0, CAP_ENDPOINT }, { "notification", 0, CAP_NOTIFICATION },
        { "tcb", 0, CAP_THREAD },        { "cnode", 4, CAP_CNODE },
        { "untyped", 12, CAP_UNTYPED },  { "frame", 0, CAP_FRAME },
        { "largeframe", 0, CAP_FRAME },  { "pagetable", 0, CAP_PAGE_TABLE },
        { "vspace", 0, CAP_PML4 },
    };
    struct session *s = *state;
    for (unsigned i = 0; i < sizeof row / sizeof row[0]; i++) {
        paddr_t slot = slot_first_empty(session_world_at(s), seat_cspace(s));
        assert_true(build_object(s, row[i].kind, row[i].size_bits, slot).ok);
        assert_int_equal(cap_type(cte_at(session_world_at(s), slot)->cap), row[i].type);
    }
    struct build b =
        build_object(s, "teapot", 0, slot_first_empty(session_world_at(s), seat_cspace(s)));
    assert_false(b.ok);
    assert_non_null(strstr(b.problem.text, "teapot"));
}

static void tables_are_made_once(void **state)
{
    struct session *s = *state;
    new_thread(s, "handler");

    assert_int_equal(build_tables(s, cptr(s, "handler_vspace"), HARM).calls, 2);
    assert_int_equal(build_tables(s, cptr(s, "handler_vspace"), HARM + 0x1000).calls, 0);
    assert_int_equal(build_tables(s, cptr(s, "handler_vspace"), 0x400000000000).calls, 6);
    assert_false(build_tables(s, cptr(s, "handler_tcb"), HARM).ok);
}

/* A program that prints a letter and then loops: mov edi, 'h'; mov rdx, -9; syscall; jmp itself. */
static const char *program_file(char path[64])
{
    struct {
        Elf64_Ehdr h;
        Elf64_Phdr segment;
        uint8_t text[16];
    } elf = {
        .h = { .e_ident = { 0x7f, 'E', 'L', 'F', ELFCLASS64, ELFDATA2LSB, EV_CURRENT },
               .e_type = ET_EXEC,
               .e_machine = EM_X86_64,
               .e_version = EV_CURRENT,
               .e_phoff = sizeof elf.h,
               .e_ehsize = sizeof elf.h,
               .e_phentsize = sizeof elf.segment,
               .e_phnum = 1 },
        .text = { 0xbf, 'h', 0, 0, 0, 0x48, 0xc7, 0xc2, 0xf7, 0xff, 0xff, 0xff, 0x0f, 0x05, 0xeb,
                  0xfe },
    };
    elf.h.e_entry = 0x400000 + sizeof elf.h + sizeof elf.segment;
    elf.segment = (Elf64_Phdr){ .p_type = PT_LOAD,
                                .p_flags = PF_R | PF_X,
                                .p_vaddr = 0x400000,
                                .p_filesz = sizeof elf,
                                .p_memsz = sizeof elf,
                                .p_align = 4096 };
    strcpy(path, "/tmp/faultline-build-test-XXXXXX");
    int file = mkstemp(path);
    assert_true(file >= 0 && write(file, &elf, sizeof elf) == sizeof elf);
    close(file);
    return path;
}

static void a_loaded_program_runs_only_when_it_is_let(void **state)
{
    struct session *s = *state;
    char path[64];
    size_t length;
    session_begin(s, "load");
    struct build b = build_load(s, program_file(path), "prog");
    remove(path);
    if (!b.ok) fail_msg("%s", b.problem.text);
    assert_non_null(session_image(s, thread(s, "prog")));
    assert_false(hand_drives(session_world_at(s), thread(s, "prog")));
    session_console(s, &length);
    assert_int_equal(length, 0);

    session_begin(s, "continue");
    session_limit(s, 100);
    assert_int_equal(session_run(s, NULL).kind, STOP_LIMIT);

    assert_int_equal(session_console(s, &length)[0], 'h');
    assert_int_equal(length, 1);
    session_undo(s, 2);
    assert_int_equal(thread(s, "prog"), 0);
    assert_null(kernel_check_invariants(session_world_at(s)));
}

static void a_missing_file_makes_nothing(void **state)
{
    struct session *s = *state;
    uint64_t before = arena_hash(session_world_at(s));

    struct build b = build_load(s, "/nowhere/at/all.elf", "prog");

    assert_false(b.ok);
    assert_true(b.problem.text[0]);
    assert_int_equal(arena_hash(session_world_at(s)), before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PROMPT_TEST(a_thread_has_four_names_and_a_cspace_that_takes_64_bits),
        PROMPT_TEST(every_step_is_a_call_and_one_undo_takes_them_all_back),
        PROMPT_TEST(breakpoints_wait_until_all_is_built),
        PROMPT_TEST(a_name_that_is_taken_is_refused_before_anything_is_made),
        PROMPT_TEST(a_seat_without_untyped_memory_is_told_what_it_lacks),
        PROMPT_TEST(objects_of_every_kind_can_be_made),
        PROMPT_TEST(tables_are_made_once),
        PROMPT_TEST(a_loaded_program_runs_only_when_it_is_let),
        PROMPT_TEST(a_missing_file_makes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
