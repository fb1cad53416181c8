/* SPDX-License-Identifier: BSD-2-Clause */
/* Any bytes as a program's file: an image, or a problem with a sentence. Its symbols and lines can be
 * asked for whatever they claim. */
#include <stdlib.h>

#include "world/image.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct problem p = { .text = "" };
    struct source_line line;
    struct image *image = image_from_bytes("fuzz.elf", data, size, &p);
    if (!image) {
        if (!*p.text) abort();
        return 0;
    }
    image_symbol(image, "main");
    for (word_t at = 0; at < 64; at++) {
        image_symbol_at(image, image->entry + at);
        image_line(image, image->entry + at, &line);
    }
    image_close(image);
    return 0;
}
