/* SPDX-License-Identifier: BSD-2-Clause */
/* Pictures, to the letter: one model, several writers; and files that are refused. */
#include "shell/typing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "view/picture.h"

static void fault(void **state)
{
    struct typist *t = *state;
    say_all(state, "new endpoint fault_ep\n"
                   "new thread faulter\n"
                   "new thread handler\n"
                   "copy fault_ep handler_cspace/1\n"
                   "setspace faulter fault_ep 8\n"
                   "mint fault_ep faulter_cspace/8 badge 0xcafe\n");
    t->shell.start = session_event_count(t->shell.session);
    say(state, "as handler");
    say(state, "recv 1");
    say(state, "as faulter");
    say(state, "read 0x10000000");
    say(state, "as handler");
    say(state, "reply");
    say(state, "as rootserver");
}

/* Draws into a file and reads it; NUL-terminated, until the next call. */
static const char *drawn(void **state, const char *what, const char *ending)
{
    static char text[1 << 16];
    char path[64] = "/tmp/faultline-XXXXXX", file[80], line[160];
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    snprintf(file, sizeof file, "%s%s", path, ending);
    snprintf(line, sizeof line, "draw %s -o %s", what, file);
    assert_says(say(state, line), "  drawn: /tmp/faultline-");
    FILE *in = fopen(file, "r");
    assert_non_null(in);
    text[fread(text, 1, sizeof text - 1, in)] = '\0';
    fclose(in);
    unlink(file);
    unlink(path);
    return text;
}

static void a_sequence_shows_who_did_what_to_whom(void **state)
{
    fault(state);
    assert_said(state, "draw sequence",
                "            handler                   faulter                   kernel\n"
                "               │ (waits on fault_ep)     │                         │\n"
                "               │                         │ VM fault at 0x10000000  │\n"
                "               │                         │────────────────────────▶│\n"
                "               │ VMFault, badge 0xcafe   │                         │\n"
                "               │◀──────────────────────────────────────────────────│\n"
                "               │ reply: label 0, length 0│                         │\n"
                "               │┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄▶│                         │\n");
}

static void a_sequence_for_a_plain_terminal_is_ascii(void **state)
{
    struct typist *t = *state;
    fault(state);
    t->shell.ascii = true;
    const char *said = say(state, "draw sequence");
    for (; *said; said++) assert_true((unsigned char)*said < 0x80);
}

static void a_sequence_becomes_mermaid(void **state)
{
    fault(state);
    assert_string_equal(drawn(state, "sequence", ".mmd"), "sequenceDiagram\n"
                                                          "  participant p0 as handler\n"
                                                          "  participant p1 as faulter\n"
                                                          "  participant p2 as kernel\n"
                                                          "  Note over p0: waits on fault_ep\n"
                                                          "  p1->>p2: VM fault at 0x10000000\n"
                                                          "  p2->>p0: VMFault, badge 0xcafe\n"
                                                          "  p0-->>p1: reply: label 0, length 0\n");
}

static void capabilities_hang_below_what_they_were_made_of(void **state)
{
    fault(state);
    assert_said(state, "draw caps fault_ep",
                "  endpoint fault_ep\n"
                "  └─ rootserver: fault_ep  r w g p\n"
                "     ├─ faulter: 8  r w g p  badge 0xcafe\n"
                "     └─ handler: 1  r w g p\n");
    assert_string_equal(drawn(state, "caps fault_ep", ".dot"),
                        "digraph caps {\n"
                        "  rankdir=LR;\n"
                        "  n0 [shape=ellipse label=\"endpoint fault_ep\"];\n"
                        "  n1 [shape=box label=\"rootserver: fault_ep  r w g p\"];\n"
                        "  n2 [shape=box label=\"faulter: 8  r w g p  badge 0xcafe\"];\n"
                        "  n3 [shape=box label=\"handler: 1  r w g p\"];\n"
                        "  n0 -> n1;\n"
                        "  n1 -> n2;\n"
                        "  n1 -> n3;\n"
                        "}\n");
    assert_string_equal(drawn(state, "caps fault_ep", ".mmd"),
                        "flowchart LR\n"
                        "  n0([\"endpoint fault_ep\"])\n"
                        "  n1[\"rootserver: fault_ep  r w g p\"]\n"
                        "  n2[\"faulter: 8  r w g p  badge 0xcafe\"]\n"
                        "  n3[\"handler: 1  r w g p\"]\n"
                        "  n0 --> n1\n"
                        "  n1 --> n2\n"
                        "  n1 --> n3\n");
}

static void threads_show_whom_they_wait_for(void **state)
{
    fault(state);
    say(state, "as handler");
    say(state, "recv 1");
    assert_said(state, "draw threads",
                "  rootserver  running\n"
                "  handler  running\n"
                "  └─ may answer: faulter  blocked on reply\n"
                "     └─ faults go to, badge 0xcafe: endpoint fault_ep\n");
}

static void a_lookup_is_drawn_level_by_level(void **state)
{
    fault(state);
    char *looked_up = strdup(say(state, "lookup fault_ep"));
    assert_string_equal(drawn(state, "cspace fault_ep", ".txt"), looked_up);
    free(looked_up);
    assert_string_equal(drawn(state, "cspace fault_ep", ".dot"),
                        "digraph cspace {\n"
                        "  rankdir=LR;\n"
                        "  n0 [shape=plaintext label=\"CPtr 0x71 in rootserver's CSpace\"];\n"
                        "  n1 [shape=box label=\"root CNode: guard 0x0 of 51 bits, radix 13\"];\n"
                        "  n2 [shape=ellipse label=\"endpoint fault_ep r w g p\"];\n"
                        "  n0 -> n1 [label=\"begins at\"];\n"
                        "  n1 -> n2 [label=\"guard 0000...0000, index 0000001110001 = 113\"];\n"
                        "}\n");
}

static void an_svg_is_whole_and_escapes_names(void **state)
{
    char *text;
    size_t size;
    struct graph *g = calloc(1, sizeof *g);
    struct view v = { .out = open_memstream(&text, &size), .width = 80 };
    (void)state;
    g->name = "x";
    g->nodes = 2;
    g->edges = 2;
    strcpy(g->node[0].label, "<a> & \"b\"");
    strcpy(g->node[1].label, "c");
    g->edge[0].to = 1;
    g->edge[1].from = 1; /* a cycle ends */
    graph_write(g, &v, PICTURE_SVG);
    graph_write(g, &v, PICTURE_TEXT);
    fclose(v.out);
    assert_says(text, ">&lt;a&gt; &amp; &quot;b&quot;</text>");
    assert_says(text, "</svg>\n  <a> & \"b\"\n  └─ c\n     └─ <a> & \"b\"\n");
    free(text);
    free(g);
    fault(state);
    const char *svg = drawn(state, "sequence", ".svg");
    assert_says(svg, "<svg xmlns=");
    assert_says(svg, ">VM fault at 0x10000000</text>");
    assert_says(svg, "</svg>\n");
}

static void graphviz_keeps_the_lines_in_order_and_straight(void **state)
{
    fault(state);
    const char *dot = drawn(state, "sequence", ".dot");
    assert_says(dot, " l0_1 -> l1_1 [style=invis]; l1_1 -> l2_1 [style=invis]");
    assert_says(dot, "  l1_2 [group=l1];\n");
}

static void a_label_stands_beside_its_curve(void **state)
{
    fault(state);
    say(state, "as rootserver");
    say(state, "new thread other");
    say(state, "mint fault_ep other_cspace/8");
    say(state, "setspace other fault_ep 8");
    say(state, "new thread one_more");
    say(state, "mint fault_ep one_more_cspace/8");
    say(state, "setspace one_more fault_ep 8");
    const char *svg = drawn(state, "threads", ".svg"), *curve = strstr(svg, "edge far");
    assert_non_null(curve);
    unsigned from, x, y;
    while (curve[-1] != 'M') curve--;
    assert_int_equal(sscanf(curve, "%u,%u", &x, &from), 2);
    assert_int_equal(sscanf(strstr(curve, "<text x=\"") + 9, "%u\" y=\"%u", &x, &y), 2);
    assert_true(y >= from + 12 || y + 6 <= from);
}

static void a_sequence_of_nothing_says_so(void **state)
{
    assert_says(say(state, "draw sequence"), "Nothing has happened yet");
}

static void what_cannot_be_drawn_is_refused(void **state)
{
    assert_says(blunder(state, "draw"), "draw what?");
    assert_says(blunder(state, "draw cats"), "draw sequence");
    assert_says(blunder(state, "draw threads -o picture.png"), ".svg .dot .mmd .txt");
    assert_says(blunder(state, "draw threads -o /nowhere/x.svg"), "No such file");
    assert_says(blunder(state, "draw caps 4000"), "that slot is empty");
    say(state, "draw sequence 0");
    say(state, "draw sequence 99999");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TYPED_TEST(a_sequence_shows_who_did_what_to_whom),
        TYPED_TEST(a_sequence_for_a_plain_terminal_is_ascii),
        TYPED_TEST(a_sequence_becomes_mermaid),
        TYPED_TEST(capabilities_hang_below_what_they_were_made_of),
        TYPED_TEST(threads_show_whom_they_wait_for),
        TYPED_TEST(a_lookup_is_drawn_level_by_level),
        TYPED_TEST(an_svg_is_whole_and_escapes_names),
        TYPED_TEST(graphviz_keeps_the_lines_in_order_and_straight),
        TYPED_TEST(a_label_stands_beside_its_curve),
        TYPED_TEST(a_sequence_of_nothing_says_so),
        TYPED_TEST(what_cannot_be_drawn_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
