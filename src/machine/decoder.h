/* SPDX-License-Identifier: BSD-2-Clause */
/* The library's decoder with the modes of the modelled processor: decode.c makes operations of what it finds,
 * disassemble.c text. */
#ifndef FAULTLINE_MACHINE_DECODER_H
#define FAULTLINE_MACHINE_DECODER_H

#include <Zydis/Zydis.h>
#include <stdbool.h>

void decoder_init(ZydisDecoder *d, bool is_compat);

#endif
