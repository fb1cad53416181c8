/* SPDX-License-Identifier: BSD-2-Clause */
/* Writing that does not ask in which of the two forms: lines and tables of a page, or plain. */
#ifndef FAULTLINE_VIEW_FORM_H
#define FAULTLINE_VIEW_FORM_H

#include "view/palette.h"
#include "view/view.h"

/* One line, cut to the view's width with a ~ at its end. */
__attribute__((format(printf, 2, 3))) void view_line(const struct view *v, const char *format, ...);
/* The same in a look of its own, where there is colour. */
__attribute__((format(printf, 3, 4))) void view_line_look(const struct view *v, enum look look,
                                                          const char *format, ...);
/* What heads columns, or says which sign means what: in the plain form nothing. */
__attribute__((format(printf, 2, 3))) void view_heading(const struct view *v, const char *format,
                                                        ...);
/* A text in lines, as text_wrap() does; in the plain form it is one. */
unsigned view_text(const struct view *v, const char *text, unsigned indent, unsigned hang,
                   unsigned lines);
/* What stands in a column of a row; in the plain form a line "name: said". Without a name it goes on in
 * the line of the item before it (or of the first, when it stands in front of that): a sign, as a word. */
struct row_item {
    const char *name;
    const char *drawn;
    const char *said; /* NULL: what is drawn */
    unsigned gap;     /* columns in front of it */
    int width;        /* columns at least */
    bool right;       /* it stands at the right of them */
};
void view_row(const struct view *v, enum look look, const struct row_item *items, size_t count);
/* A name in a column of its own, then a text in lines; in the plain form "name: text". */
void view_pair(const struct view *v, const char *name, unsigned column, const char *text,
               unsigned lines);
/* A line of a text whose columns stand apart, in the plain form: "name: value, value". */
void columns_say(FILE *out, const char *line, size_t length);

#endif
