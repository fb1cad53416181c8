/* SPDX-License-Identifier: BSD-2-Clause */
/* A sequence as text, SVG, DOT and Mermaid. Knows nothing of the machine. */
#include <string.h>

#include "view/internal.h"
#include "view/picture.h"

/* ---- Text ---- */

enum { COLUMNS_MAX = 200, GLYPH = 5, GAP_MIN = 14, GAP_MAX = 30 };

struct row {
    char cell[COLUMNS_MAX][GLYPH];
};

static void put(struct row *r, unsigned at, const char *glyph)
{
    if (at < COLUMNS_MAX) snprintf(r->cell[at], GLYPH, "%.4s", glyph);
}

/* A text from a column on, each character in a cell of its own; no further than `end`. */
static void put_text(struct row *r, unsigned at, unsigned end, const char *text)
{
    while (*text && at < end) {
        size_t n = 1;
        while (n < 4 && ((unsigned char)text[n] & 0xc0) == 0x80) n++;
        char glyph[GLYPH] = "";
        memcpy(glyph, text, n);
        put(r, at++, glyph);
        text += n;
    }
}

struct sheet {
    const struct sequence *q;
    const struct view *v;
    unsigned gap;
};

static unsigned column(const struct sheet *s, unsigned line)
{
    return INDENT + s->gap / 2 + line * s->gap;
}

static void row_begin(const struct sheet *s, struct row *r)
{
    memset(r, 0, sizeof *r);
    for (unsigned i = 0; i < COLUMNS_MAX; i++) put(r, i, " ");
    for (unsigned i = 0; i < s->q->lines; i++) put(r, column(s, i), s->v->ascii ? "|" : "│");
}

static void row_end(const struct sheet *s, const struct row *r)
{
    char text[COLUMNS_MAX * GLYPH] = "";
    for (unsigned i = 0; i < COLUMNS_MAX && i < s->v->width; i++)
        text_add(text, sizeof text, "%s", r->cell[i]);
    size_t end = strlen(text);
    while (end && text[end - 1] == ' ') end--;
    fprintf(s->v->out, "%.*s\n", (int)end, text);
}

static void write_names(const struct sheet *s)
{
    struct row r;
    memset(&r, 0, sizeof r);
    for (unsigned i = 0; i < COLUMNS_MAX; i++) put(&r, i, " ");
    for (unsigned i = 0; i < s->q->lines; i++) {
        unsigned n = (unsigned)text_columns(s->q->line[i].name), middle = column(s, i);
        if (n > s->gap - 1) n = s->gap - 1;
        put_text(&r, middle - n / 2, middle - n / 2 + n, s->q->line[i].name);
    }
    row_end(s, &r);
}

static void write_arrow(const struct sheet *s, const struct sequence_step *step)
{
    struct row r;
    bool right = step->to > step->from, ascii = s->v->ascii;
    unsigned from = column(s, step->from), to = column(s, step->to);
    unsigned low = right ? from : to, high = right ? to : from;
    const char *dash = step->style == SEQUENCE_ANSWER ? (ascii ? "." : "┄") : (ascii ? "-" : "─");
    row_begin(s, &r);
    for (unsigned i = low + 1; i < high; i++) put(&r, i, dash);
    if (right)
        put(&r, high - 1, ascii ? ">" : "▶");
    else
        put(&r, low + 1, ascii ? "<" : "◀");
    row_end(s, &r);
}

static void write_step(const struct sheet *s, const struct sequence_step *step)
{
    struct row r;
    char label[PICTURE_LABEL + 8];
    bool note = step->style == SEQUENCE_NOTE;
    unsigned low = step->from < step->to ? step->from : step->to;
    row_begin(s, &r);
    snprintf(label, sizeof label, note ? "(%s)" : "%s", step->label);
    unsigned at = column(s, low) + 2, n = (unsigned)text_columns(label);
    if (note && at + n > s->v->width) /* beside the right edge: in front of its line */
        at = column(s, low) > n + 2 ? column(s, low) - n - 1 : INDENT;
    put_text(&r, at, s->v->width, label);
    row_end(s, &r);
    if (!note && step->from != step->to) write_arrow(s, step);
}

/* Without a drawing: who did it to whom, then what. */
static void say_steps(const struct sequence *q, const struct view *v)
{
    for (unsigned i = 0; i < q->count; i++) {
        const struct sequence_step *step = &q->step[i];
        const char *from = q->line[step->from].name, *to = q->line[step->to].name;
        if (step->style == SEQUENCE_NOTE || step->from == step->to)
            view_line(v, "%s: %s", from, step->label);
        else
            view_line(v, "%s to %s: %s", from, to, step->label);
    }
}

static void write_text(const struct sequence *q, const struct view *v)
{
    struct sheet s = { q, v, GAP_MAX };
    if (q->lines && v->width / q->lines < GAP_MAX) s.gap = (v->width - INDENT) / q->lines;
    if (s.gap < GAP_MIN) s.gap = GAP_MIN;
    if (q->left_out) view_line(v, "  %zu earlier steps are left out", q->left_out);
    if (!q->count) view_line(v, "  Nothing has happened yet that could be drawn.");
    if (v->plain || !q->count) {
        say_steps(q, v);
        return;
    }
    write_names(&s);
    for (unsigned i = 0; i < q->count; i++) write_step(&s, &q->step[i]);
}

/* ---- SVG ---- */

enum { SVG_GAP = 260, SVG_STEP = 44, SVG_TOP = 60 };

static unsigned svg_x(unsigned line)
{
    return SVG_GAP / 2 + line * SVG_GAP;
}

static void svg_text(FILE *out, unsigned x, unsigned y, const char *anchor, const char *label)
{
    fprintf(out, "<text x=\"%u\" y=\"%u\" text-anchor=\"%s\">", x, y, anchor);
    picture_label(out, PICTURE_SVG, label);
    fputs("</text>\n", out);
}

static void svg_step(FILE *out, const struct sequence_step *step, unsigned y)
{
    unsigned from = svg_x(step->from), to = svg_x(step->to);
    if (step->style == SEQUENCE_NOTE) {
        fprintf(out, "<rect x=\"%u\" y=\"%u\" width=\"248\" height=\"24\" class=\"note\"/>\n",
                from - 124, y - 18);
        svg_text(out, from, y - 2, "middle", step->label);
        return;
    }
    svg_text(out, (from + to) / 2, y - 6, "middle", step->label);
    fprintf(out, "<line x1=\"%u\" y1=\"%u\" x2=\"%u\" y2=\"%u\" class=\"%s\"/>\n", from, y,
            to > from ? to - 4 : to + 4, y, step->style == SEQUENCE_ANSWER ? "answer" : "arrow");
}

static void write_svg(const struct sequence *q, FILE *out)
{
    unsigned width = SVG_GAP * (q->lines ? q->lines : 1),
             height = SVG_TOP + SVG_STEP * (q->count + 1);
    fprintf(out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%u\" height=\"%u\" "
            "viewBox=\"0 0 %u %u\">\n"
            "<style>text{font:13px sans-serif}line{stroke:#333}.life{stroke-dasharray:4}"
            ".arrow,.answer{marker-end:url(#head);stroke-width:1.5}.answer{stroke-dasharray:6 3}"
            ".note{fill:#fff6c8;stroke:#b59a2e}.who{fill:#e8f0fa;stroke:#345}</style>\n"
            "<defs><marker id=\"head\" markerWidth=\"10\" markerHeight=\"8\" refX=\"8\" refY=\"4\" "
            "orient=\"auto\"><path d=\"M0,0 L10,4 L0,8 z\"/></marker></defs>\n"
            "<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>\n",
            width, height, width, height);
    for (unsigned i = 0; i < q->lines; i++) {
        fprintf(out, "<line x1=\"%u\" y1=\"40\" x2=\"%u\" y2=\"%u\" class=\"life\"/>\n", svg_x(i),
                svg_x(i), height - 10);
        fprintf(out, "<rect x=\"%u\" y=\"12\" width=\"180\" height=\"28\" class=\"who\"/>\n",
                svg_x(i) - 90);
        svg_text(out, svg_x(i), 31, "middle", q->line[i].name);
    }
    for (unsigned i = 0; i < q->count; i++)
        svg_step(out, &q->step[i], SVG_TOP + SVG_STEP * (i + 1) - 12);
    fputs("</svg>\n", out);
}

/* ---- DOT ---- */

static void write_dot(const struct sequence *q, FILE *out)
{
    fputs("digraph sequence {\n  node [shape=point];\n  edge [fontsize=11];\n", out);
    for (unsigned line = 0; line < q->lines; line++) {
        fprintf(out, "  l%u_0 [shape=box label=\"", line);
        picture_label(out, PICTURE_DOT, q->line[line].name);
        fprintf(out, "\" group=l%u];\n", line);
        for (unsigned i = 1; i <= q->count; i++)
            fprintf(out, "  l%u_%u [group=l%u];\n", line, i, line);
        for (unsigned i = 0; i < q->count; i++)
            fprintf(out, "  l%u_%u -> l%u_%u [style=dotted arrowhead=none weight=99];\n", line, i,
                    line, i + 1);
    }
    for (unsigned i = 0; i <= q->count; i++) {
        fputs("  { rank=same;", out);
        for (unsigned line = 0; line < q->lines; line++) fprintf(out, " l%u_%u;", line, i);
        for (unsigned line = 1; line < q->lines; line++) /* or Graphviz chooses the order */
            fprintf(out, " l%u_%u -> l%u_%u [style=invis];", line - 1, i, line, i);
        fputs(" }\n", out);
    }
    for (unsigned i = 0; i < q->count; i++) {
        const struct sequence_step *step = &q->step[i];
        if (step->style == SEQUENCE_NOTE)
            fprintf(out, "  l%u_%u [shape=note label=\"", step->from, i + 1);
        else
            fprintf(out, "  l%u_%u -> l%u_%u [constraint=false%s label=\"", step->from, i + 1,
                    step->to, i + 1, step->style == SEQUENCE_ANSWER ? " style=dashed" : "");
        picture_label(out, PICTURE_DOT, step->label);
        fputs("\"];\n", out);
    }
    fputs("}\n", out);
}

/* ---- Mermaid ---- */

static void write_mermaid(const struct sequence *q, FILE *out)
{
    fputs("sequenceDiagram\n", out);
    for (unsigned i = 0; i < q->lines; i++) {
        fprintf(out, "  participant p%u as ", i);
        picture_label(out, PICTURE_MERMAID, q->line[i].name);
        fputc('\n', out);
    }
    for (unsigned i = 0; i < q->count; i++) {
        const struct sequence_step *step = &q->step[i];
        if (step->style == SEQUENCE_NOTE)
            fprintf(out, "  Note over p%u: ", step->from);
        else
            fprintf(out, "  p%u%sp%u: ", step->from,
                    step->style == SEQUENCE_ANSWER ? "-->>" : "->>", step->to);
        picture_label(out, PICTURE_MERMAID, step->label);
        fputc('\n', out);
    }
}

void sequence_write(const struct sequence *q, const struct view *v, enum picture_form form)
{
    switch (form) {
    case PICTURE_SVG: write_svg(q, v->out); break;
    case PICTURE_DOT: write_dot(q, v->out); break;
    case PICTURE_MERMAID: write_mermaid(q, v->out); break;
    default: write_text(q, v); break;
    }
}
