/* SPDX-License-Identifier: BSD-2-Clause */
/* What the two halves of the assembler share: assemble.c reads a statement into a request for the
 * library's encoder, encode.c makes bytes of it. */
#ifndef FAULTLINE_MACHINE_ASSEMBLE_H
#define FAULTLINE_MACHINE_ASSEMBLE_H

#include "machine/text.h"

#include <Zydis/Zydis.h>

/* One statement on its way to bytes. */
struct statement {
    const char *at; /* what is still to be read */
    struct assembled *out;
    word_t rip;
    ZydisEncoderRequest request;
    bool has_size[ZYDIS_ENCODER_MAX_OPERANDS]; /* of an operand in memory */
};

/* Sets the error and returns false. */
__attribute__((format(printf, 2, 3))) bool refuse(struct statement *s, const char *format, ...);

/* Appends the request's bytes, or refuses. */
bool encode(struct statement *s);

#endif
