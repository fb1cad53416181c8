/* SPDX-License-Identifier: BSD-2-Clause */
/* Symbols of the program that a seat's thread runs. */
#include "lesson/scope.h"
#include "world/image.h"

bool scope_symbol(const struct scope *sc, const char *name, word_t *address)
{
    const struct image *image = session_image(sc->session, sc->seat);
    const struct symbol *symbol = image ? image_symbol(image, name) : NULL;
    if (!symbol) return false;
    *address = symbol->address;
    return true;
}
