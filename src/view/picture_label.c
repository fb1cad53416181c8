/* SPDX-License-Identifier: BSD-2-Clause */
/* Labels in the four languages of pictures: what would end or break one is written as that language
 * wants it. Names come from guests, so any character may occur. */
#include "view/picture.h"

#include <string.h>

#include "view/internal.h"

static const char *escaped(enum picture_form form, char c)
{
    static const struct {
        char c;
        const char *as[PICTURE_FORMS];
    } table[] = {
        { '&', { "&", "&amp;", "&", "#38;" } }, { '<', { "<", "&lt;", "<", "#60;" } },
        { '>', { ">", "&gt;", ">", "#62;" } },  { '"', { "\"", "&quot;", "\\\"", "#34;" } },
        { '\\', { "\\", "\\", "\\\\", "\\" } }, { ';', { ";", ";", ";", "#59;" } },
        { '#', { "#", "#", "#", "#35;" } },     { '|', { "|", "|", "|", "#124;" } },
        { '`', { "`", "`", "`", "#96;" } },
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        if (table[i].c == c) return table[i].as[form];
    return NULL;
}

void picture_label(FILE *out, enum picture_form form, const char *label)
{
    for (; *label; label++) {
        const char *as = escaped(form, *label);
        if (as)
            fputs(as, out);
        else
            fputc((unsigned char)*label < 0x20 ? ' ' : *label, out);
    }
}
