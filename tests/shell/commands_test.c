/* SPDX-License-Identifier: BSD-2-Clause */
/* Commands: how they are found, refused, helped, completed and documented. */
#include "shell/typing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void a_prefix_is_taken_at_the_prompt(void **state)
{
    assert_says(say(state, "thr"), "rootserver");
}

static void a_prefix_in_a_script_is_refused_with_the_whole_word(void **state)
{
    struct typist *t = *state;
    t->shell.typed = false;
    assert_says(blunder(state, "thr"), "tip: write the whole word: threads");
}

static void an_alias_is_taken_in_a_script(void **state)
{
    struct typist *t = *state;
    t->shell.typed = false;
    assert_says(say(state, "p 5"), "0x5");
}

static void an_ambiguous_prefix_names_what_it_could_be(void **state)
{
    assert_says(blunder(state, "rep"), "`rep` could be reply, replyrecv");
}

static void a_typing_mistake_is_answered_with_the_nearest_command(void **state)
{
    assert_says(blunder(state, "thrads"), "tip: did you mean `threads`?");
    assert_says(blunder(state, "mnit x y"), "tip: did you mean `mint`?");
}

static void a_threads_name_alone_gets_the_tip_to_sit_in_it(void **state)
{
    assert_says(blunder(state, "rootserver"), "tip: `as rootserver` sits in it");
}

static void a_missing_argument_is_answered_with_the_usage(void **state)
{
    assert_says(blunder(state, "mint"), "tip: mint SRC DEST [rights RIGHTS]");
    assert_says(blunder(state, "recv"), "a slot is missing");
}

static void too_many_arguments_are_refused(void **state)
{
    assert_says(blunder(state, "threads all of them"), "`all` is too much");
}

static void an_unknown_slot_is_refused_by_name(void **state)
{
    assert_says(blunder(state, "mint nothing x"), "rootserver knows no slot called `nothing`");
}

static void new_names_do_not_hide_old_ones(void **state)
{
    say(state, "new endpoint ep");
    assert_says(blunder(state, "new endpoint seL4_AllRights"), "is a constant of libsel4");
    say(state, "v = 3");
    assert_says(blunder(state, "new endpoint v"), "is a variable already");
}

static void help_shows_ten_words_first(void **state)
{
    const char *said = say(state, "help");
    unsigned lines = 0;
    for (const char *at = said; *at; at++) lines += *at == '\n';
    assert_int_equal(lines, 11);
    assert_says(said, "mint");
    assert_says(say(state, "help all"), "savecaller");
    assert_says(say(state, "help mint"), "SRC DEST");
    assert_says(say(state, "apropos badge"), "mint");
}

/* Lines of our own: what the kernel prints on its serial line is not ours. */
static unsigned own_lines(const char *said)
{
    unsigned count = 0;
    for (; *said; said += strcspn(said, "\n") + 1) count += strncmp(said, "kernel| ", 8) != 0;
    return count;
}

static void an_acting_verb_says_four_lines_or_five_when_it_is_refused(void **state)
{
    static const char *const lines[] = { "new endpoint ep",
                                         "mint ep badged badge 5",
                                         "new frame f",
                                         "tables vspace 0x50000000",
                                         "map f vspace 0x50000000",
                                         "write 0x50000000 7",
                                         "read 0x50000000",
                                         "nbrecv ep",
                                         "nbsend ep words 1,2,3,4,5",
                                         "delete badged",
                                         "map f vspace 0x7000000000",
                                         "setmr 5 6",
                                         "yield" };
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        const char *said = say(state, lines[i]);
        unsigned count = own_lines(said);
        if (count > (strstr(said, "tip: ") ? 5 : 4))
            fail_msg("`%s` says %u lines", lines[i], count);
    }
}

static void every_command_has_a_line_and_help_that_fit(void **state)
{
    (void)state;
    for (size_t i = 0; i < command_count; i++) {
        assert_in_range(strlen(command_table[i].line), 5, 62);
        assert_in_range(strlen(command_table[i].help), 5, 240);
        assert_in_range(command_table[i].circle, 1, 3);
    }
}

static void the_first_circle_has_ten_words(void **state)
{
    unsigned count = 0;
    (void)state;
    for (size_t i = 0; i < command_count; i++) count += command_table[i].circle == 1;
    assert_int_equal(count, 10);
}

static void the_command_reference_is_up_to_date(void **state)
{
    char *text = NULL, file[65536];
    size_t size;
    FILE *out = open_memstream(&text, &size), *in = fopen("docs/commands.md", "r");
    (void)state;
    assert_non_null(in);
    commands_document(out);
    fclose(out);
    size_t n = fread(file, 1, sizeof file - 1, in);
    file[n] = '\0';
    fclose(in);
    if (strcmp(text, file) != 0)
        fail_msg("docs/commands.md is stale: build/faultline --print-commands > docs/commands.md");
    free(text);
}

static void collect(void *context, const char *text)
{
    char *list = context;
    strcat(strcat(list, " "), text);
}

static const char *offers(void **state, const char *line, char list[16384])
{
    struct typist *t = *state;
    const char *last = strrchr(line, ' ');
    list[0] = '\0';
    complete(&t->shell, line, last ? (size_t)(last + 1 - line) : 0, collect, list);
    return list;
}

static void tab_offers_commands_names_and_libsel4(void **state)
{
    char list[16384];
    say(state, "new endpoint fault_ep");
    say(state, "new thread t");
    say(state, "name t_cspace/8 fault");
    assert_string_equal(offers(state, "mi", list), " mint");
    assert_says(offers(state, "re", list), " recv read reply");
    assert_string_equal(offers(state, "mint fa", list), " fault_ep");
    assert_string_equal(offers(state, "mint fault_ep t_cspace/f", list), " t_cspace/fault");
    assert_string_equal(offers(state, "as roo", list), " rootserver");
    assert_string_equal(offers(state, "seL4_CNode_Mi", list), " seL4_CNode_Mint");
    assert_says(offers(state, "mint fault_ep x ri", list), " rights");
    assert_says(offers(state, "new end", list), " endpoint");
    assert_string_equal(offers(state, "explain lost", list), " lost-reply");
    assert_says(offers(state, "message --f", list), " --flow");
    assert_says(offers(state, "predict mi", list), " mint");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TYPED_TEST(a_prefix_is_taken_at_the_prompt),
        TYPED_TEST(a_prefix_in_a_script_is_refused_with_the_whole_word),
        TYPED_TEST(an_alias_is_taken_in_a_script),
        TYPED_TEST(an_ambiguous_prefix_names_what_it_could_be),
        TYPED_TEST(a_typing_mistake_is_answered_with_the_nearest_command),
        TYPED_TEST(a_threads_name_alone_gets_the_tip_to_sit_in_it),
        TYPED_TEST(a_missing_argument_is_answered_with_the_usage),
        TYPED_TEST(too_many_arguments_are_refused),
        TYPED_TEST(an_unknown_slot_is_refused_by_name),
        TYPED_TEST(new_names_do_not_hide_old_ones),
        TYPED_TEST(help_shows_ten_words_first),
        TYPED_TEST(an_acting_verb_says_four_lines_or_five_when_it_is_refused),
        cmocka_unit_test(every_command_has_a_line_and_help_that_fit),
        cmocka_unit_test(the_first_circle_has_ten_words),
        cmocka_unit_test(the_command_reference_is_up_to_date),
        TYPED_TEST(tab_offers_commands_names_and_libsel4),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
