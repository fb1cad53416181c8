/* SPDX-License-Identifier: BSD-2-Clause */
/* Saved machines: restored they are the same, with and without their history; and a file that is none, or
 * not whole, changes nothing. */
#include "shell/typing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "shell/recording.h"
#include "place.h"
#include "world/save.h"

enum { TEXT_SIZE = 1 << 16 };

static char folder[PLACE_SIZE];

static const char *in_folder(const char *name)
{
    static char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static const char *line_with(const char *verb, const char *name, const char *rest)
{
    static char line[256];
    snprintf(line, sizeof line, "%s \"%s\"%s", verb, in_folder(name), rest);
    return line;
}

static size_t read_file(const char *path, char *text)
{
    FILE *in = fopen(path, "rb");
    assert_non_null(in);
    size_t size = fread(text, 1, TEXT_SIZE, in);
    fclose(in);
    return size;
}

static void write_file(const char *path, const char *text, size_t size)
{
    FILE *out = fopen(path, "wb");
    assert_non_null(out);
    assert_int_equal(fwrite(text, 1, size, out), size);
    assert_int_equal(fclose(out), 0);
}

static int sit_down(void **state)
{
    if (typist_sit_down(state) != 0) return -1;
    struct typist *t = *state;
    t->shell.typed = false;
    recording_begin(&t->shell, record_open_memory(), &(struct record_head){ 0 });
    return 0;
}

static int stand_up(void **state)
{
    struct typist *t = *state;
    recording_end(&t->shell, false);
    return typist_stand_up(state);
}

static struct state_hash hash_of(void **state)
{
    struct typist *t = *state;
    return state_hash(session_world_at(t->shell.session));
}

static word_t step_of(void **state)
{
    struct typist *t = *state;
    return session_position(t->shell.session).step;
}

/* A thread whose handler waits for its fault, from a script that a file holds. */
static void play_a_little(void **state)
{
    static const char script[] = "new endpoint ep\nnew thread t\ncopy ep t_cspace/8\n";
    write_file(in_folder("little.fl"), script, sizeof script - 1);
    say(state, line_with("source", "little.fl", ""));
    say(state, "setspace t fault_ep 8");
    say(state, "as t");
    say(state, "read 0x10000000");
    assert_int_equal(unlink(in_folder("little.fl")), 0); /* it is in the saved machine */
}

static void a_restored_machine_is_the_one_that_was_saved(void **state)
{
    play_a_little(state);
    struct state_hash saved = hash_of(state);
    assert_says(say(state, line_with("save", "a.fls", "")), "saved: ");
    say(state, "as rootserver");
    say(state, "recv ep");
    assert_false(state_hash_is_same(&saved, &(struct state_hash[]){ hash_of(state) }[0]));
    say(state, line_with("restore", "a.fls", ""));
    struct state_hash restored = hash_of(state);
    assert_true(state_hash_is_same(&saved, &restored));
    assert_int_equal(step_of(state), 0);
    assert_says(blunder(state, "undo"), "nothing to take back");
    say(state, "as rootserver");
    assert_says(say(state, "recv ep"), "VMFault");
}

static void a_machine_of_the_past_is_saved_as_it_is_there(void **state)
{
    play_a_little(state);
    say(state, "goto @20");
    struct state_hash saved = hash_of(state);
    say(state, line_with("save", "p.fls", ""));
    say(state, "goto now");
    say(state, line_with("restore", "p.fls", ""));
    struct state_hash restored = hash_of(state);
    assert_true(state_hash_is_same(&saved, &restored));
    assert_int_equal(step_of(state), 0);
    assert_int_equal(session_end(((struct typist *)*state)->shell.session).step, 0);
    assert_string_equal(say(state, "timeline"), "  @0       you are here\n");
    assert_says(say(state, "last write ep"), "before the start: rootserver's");
    say(state, "new endpoint another");
    assert_says(say(state, "timeline"), "@1.4     rootserver invokes seL4_Untyped_Retype");
}

static void what_was_before_the_start_has_no_position(void **state)
{
    play_a_little(state);
    say(state, line_with("save", "w.fls", ""));
    say(state, line_with("restore", "w.fls", ""));
    assert_says(say(state, "why t"), "t is blocked on send since before the start");
}

static void in_the_middle_of_an_entry_only_its_history_is_saved(void **state)
{
    play_a_little(state);
    say(state, "as rootserver");
    say(state, "slowly recv ep");
    say(state, "step");
    struct state_hash saved = hash_of(state);
    assert_says(blunder(state, line_with("save", "m.fls", "")), "in the middle of a kernel entry");
    say(state, line_with("save", "m.fls", " with history"));
    say(state, "next");
    say(state, line_with("restore", "m.fls", ""));
    struct state_hash restored = hash_of(state);
    assert_true(state_hash_is_same(&saved, &restored));
}

static void with_its_history_one_can_go_back(void **state)
{
    play_a_little(state);
    word_t step = step_of(state);
    struct state_hash saved = hash_of(state);
    say(state, line_with("save", "b.fls", " with history"));
    say(state, "undo 2");
    say(state, line_with("restore", "b.fls", ""));
    assert_int_equal(step_of(state), step);
    struct state_hash restored = hash_of(state);
    assert_true(state_hash_is_same(&saved, &restored));
    assert_says(say(state, "undo"), "read 0x10000000");
    say(state, "goto start");
    assert_int_equal(step_of(state), 0);
}

/* A call that has not ended belongs to the machine that it was typed on. */
static void what_was_pending_ends_in_the_restored_machine(void **state)
{
    static const char *const history[] = { "", " with history" };
    say_all(state, "new thread handler\n"
                   "new endpoint ep\n"
                   "copy ep handler_cspace/ep\n"
                   "mint ep badged badge 0x77\n"
                   "as handler\n");
    say(state, line_with("save", "before.fls", " with history"));
    say(state, "seL4_Recv(ep, &badge)");
    for (unsigned i = 0; i < 2; i++) {
        const char *const file = i ? "p1.fls" : "p0.fls";
        say(state, line_with("save", file, history[i]));
        say(state, "as rootserver");
        assert_says(say(state, "send badged"), "badge = 0x77");
        say(state, line_with("restore", file, ""));
        say(state, "as rootserver");
        assert_says(say(state, "send badged"), "badge = 0x77");
        say(state, "undo");
    }
    say(state, line_with("restore", "before.fls", ""));
    say(state, "as handler");
    for (unsigned i = 0; i < 4; i++) assert_null(strstr(say(state, "seL4_Yield()"), "badge ="));
}

static void a_restored_machine_can_be_saved(void **state)
{
    play_a_little(state);
    say(state, line_with("save", "c.fls", ""));
    say(state, line_with("restore", "c.fls", ""));
    say(state, "as rootserver");
    say(state, "new endpoint other");
    struct state_hash saved = hash_of(state);
    say(state, line_with("save", "d.fls", ""));
    assert_int_equal(unlink(in_folder("c.fls")), 0); /* d holds what it needs */
    say(state, "undo");
    say(state, line_with("restore", "d.fls", ""));
    struct state_hash restored = hash_of(state);
    assert_true(state_hash_is_same(&saved, &restored));
}

static void a_person_is_asked_first(void **state)
{
    struct typist *t = *state;
    play_a_little(state);
    say(state, line_with("save", "e.fls", ""));
    t->shell.typed = true;
    struct state_hash before = hash_of(state);
    assert_says(say(state, line_with("restore", "e.fls", "")), "Type it again");
    struct state_hash after = hash_of(state);
    assert_true(state_hash_is_same(&before, &after));
    say(state, line_with("restore", "e.fls", ""));
    assert_int_equal(step_of(state), 0);
}

static void another_file_is_another_question(void **state)
{
    struct typist *t = *state;
    play_a_little(state);
    say(state, line_with("save", "f.fls", ""));
    say(state, line_with("save", "g.fls", ""));
    t->shell.typed = true;
    struct state_hash before = hash_of(state);
    assert_says(say(state, line_with("restore", "f.fls", "")), "Type it again");
    assert_says(say(state, line_with("restore", "g.fls", "")), "Type it again");
    struct state_hash after = hash_of(state);
    assert_true(state_hash_is_same(&before, &after));
    say(state, line_with("restore", "g.fls", ""));
    assert_int_equal(step_of(state), 0);
}

static void a_person_in_the_past_is_asked_too(void **state)
{
    struct typist *t = *state;
    play_a_little(state);
    say(state, line_with("save", "q.fls", ""));
    say(state, "goto start");
    t->shell.typed = true;
    assert_says(say(state, line_with("restore", "q.fls", "")), "Type it again");
    assert_true(session_is_past(t->shell.session));
}

static void no_line_of_a_sourced_file_is_taken_back(void **state)
{
    static const char script[] = "new endpoint b\nundo\nnew endpoint c\n";
    write_file(in_folder("undo.fl"), script, sizeof script - 1);
    say(state, "new endpoint a");
    assert_says(blunder(state, line_with("source", "undo.fl", "")), "`faultline replay FILE`");
    say(state, "who a");
    say(state, "who b");
    assert_says(blunder(state, "who c"), "no slot called `c`");
    assert_says(say(state, "undo"), "Taken back: source");
    assert_says(blunder(state, "who b"), "no slot called `b`");
    say(state, "who a");
}

static void somebody_elses_file_is_not_written_over(void **state)
{
    char text[64];
    write_file(in_folder("mine.txt"), "mine", 4);
    assert_says(blunder(state, line_with("save", "mine.txt", "")), "no saved machine");
    assert_int_equal(read_file(in_folder("mine.txt"), text), 4);
    say(state, line_with("save", "f.fls", ""));
    say(state, line_with("save", "f.fls", ""));
    assert_says(blunder(state, "save /no/such/folder/x"), "No such file");
    assert_says(blunder(state, line_with("restore", "mine.txt", "")), "no machine");
    assert_says(blunder(state, "restore /no/such/file"), "No such file");
}

static void a_damaged_file_changes_nothing(void **state)
{
    char *text = malloc(TEXT_SIZE);
    struct saved s;
    struct problem p;
    play_a_little(state);
    say(state, line_with("save", "g.fls", ""));
    size_t size = read_file(in_folder("g.fls"), text);
    assert_true(save_read_bytes(text, size, &s, &p));
    save_close(&s);
    for (size_t cut = 0; cut < size; cut++) assert_false(save_read_bytes(text, cut, &s, &p));
    for (size_t i = 0; i < size; i++) {
        text[i] ^= 1;
        if (save_read_bytes(text, size, &s, &p)) fail_msg("byte %zu", i);
        text[i] ^= 1;
    }
    text[size / 2] ^= 1;
    write_file(in_folder("h.fls"), text, size);
    struct state_hash before = hash_of(state);
    assert_says(blunder(state, line_with("restore", "h.fls", "")), "damaged");
    struct state_hash after = hash_of(state);
    assert_true(state_hash_is_same(&before, &after));
    free(text);
}

static void sha256_agrees_with_the_standard(void **state)
{
    (void)state;
    char text[SHA256_TEXT], million[1000];
    struct sha256 h;
    uint8_t digest[SHA256_BYTES];
    sha256_of("abc", 3, text);
    assert_string_equal(text, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    sha256_of("", 0, text);
    assert_string_equal(text, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    sha256_of("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 56, text);
    assert_string_equal(text, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    memset(million, 'a', sizeof million);
    sha256_begin(&h);
    for (unsigned i = 0; i < 1000; i++) sha256_add(&h, million, sizeof million);
    sha256_end(&h, digest);
    sha256_text(digest, text);
    assert_string_equal(text, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

static void recordings_are_compared(void **state)
{
    struct typist *t = *state;
    struct problem p;
    char line[300], one[128];
    for (unsigned i = 0; i < 2; i++) {
        unlink(in_folder(i ? "two.fl" : "one.fl"));
        recording_end(&t->shell, false);
        recording_begin(&t->shell, record_open(in_folder(i ? "two.fl" : "one.fl"), &p),
                        &(struct record_head){ 0 });
        say(state, "new endpoint ep");
        say(state, "threads");
        if (i) say(state, "threads");
        say(state, i ? "mint ep x badge 5" : "mint ep x badge 6");
        say(state, "undo 2");
    }
    snprintf(one, sizeof one, "%s", in_folder("one.fl"));
    snprintf(line, sizeof line, "compare \"%s\" \"%s\"", one, in_folder("two.fl"));
    const char *said = say(state, line);
    assert_says(said, "They part at @2");
    assert_says(said, "mint ep x badge 6");
    assert_says(said, "mint ep x badge 5");
    assert_says(said, "memory");
    snprintf(line, sizeof line, "compare \"%s\" \"%s\"", one, one);
    assert_says(say(state, line), "agree");
}

static int make_folder(void **state)
{
    (void)state;
    return place_make(folder, "save");
}

static int remove_folder(void **state)
{
    (void)state;
    return place_remove(folder);
}

#define SAVE_TEST(test) cmocka_unit_test_setup_teardown(test, sit_down, stand_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SAVE_TEST(a_restored_machine_is_the_one_that_was_saved),
        SAVE_TEST(a_machine_of_the_past_is_saved_as_it_is_there),
        SAVE_TEST(what_was_before_the_start_has_no_position),
        SAVE_TEST(in_the_middle_of_an_entry_only_its_history_is_saved),
        SAVE_TEST(with_its_history_one_can_go_back),
        SAVE_TEST(what_was_pending_ends_in_the_restored_machine),
        SAVE_TEST(a_restored_machine_can_be_saved),
        SAVE_TEST(a_person_is_asked_first),
        SAVE_TEST(another_file_is_another_question),
        SAVE_TEST(a_person_in_the_past_is_asked_too),
        SAVE_TEST(no_line_of_a_sourced_file_is_taken_back),
        SAVE_TEST(somebody_elses_file_is_not_written_over),
        SAVE_TEST(a_damaged_file_changes_nothing),
        cmocka_unit_test(sha256_agrees_with_the_standard),
        SAVE_TEST(recordings_are_compared),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
