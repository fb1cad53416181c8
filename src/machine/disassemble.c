/* SPDX-License-Identifier: BSD-2-Clause */
/* Instructions as people read them: Intel syntax, mnemonics, the registers they write. */
#include "machine/decoder.h"
#include "machine/text.h"

#include <stdio.h>

static void formatter_init(ZydisFormatter *f)
{
    ZydisFormatterInit(f, ZYDIS_FORMATTER_STYLE_INTEL);
    ZydisFormatterSetProperty(f, ZYDIS_FORMATTER_PROP_HEX_UPPERCASE, ZYAN_FALSE);
    ZydisFormatterSetProperty(f, ZYDIS_FORMATTER_PROP_ADDR_PADDING_ABSOLUTE,
                              ZYDIS_PADDING_DISABLED);
    ZydisFormatterSetProperty(f, ZYDIS_FORMATTER_PROP_ADDR_PADDING_RELATIVE,
                              ZYDIS_PADDING_DISABLED);
    ZydisFormatterSetProperty(f, ZYDIS_FORMATTER_PROP_DISP_PADDING, ZYDIS_PADDING_DISABLED);
    ZydisFormatterSetProperty(f, ZYDIS_FORMATTER_PROP_IMM_PADDING, ZYDIS_PADDING_DISABLED);
}

/* Whether a register beside the operand in memory says how many bits are meant. */
static bool size_is_told(const ZydisDecodedInstruction *z, const ZydisDecodedOperand *operand)
{
    unsigned memory = 0, count = z->operand_count_visible;
    for (unsigned i = 0; i < count; i++)
        if (operand[i].type == ZYDIS_OPERAND_TYPE_MEMORY) memory = operand[i].size;
    for (unsigned i = 0; i < count; i++)
        if (operand[i].type == ZYDIS_OPERAND_TYPE_REGISTER && operand[i].size == memory)
            return true;
    return z->mnemonic == ZYDIS_MNEMONIC_LEA || z->mnemonic == ZYDIS_MNEMONIC_NOP || !memory;
}

size_t instruction_format(const uint8_t *bytes, size_t available, word_t rip, char *text,
                          size_t size)
{
    ZydisDecoder decoder;
    ZydisFormatter formatter;
    ZydisDecodedInstruction z;
    ZydisDecodedOperand operand[ZYDIS_MAX_OPERAND_COUNT];

    decoder_init(&decoder, false);
    ZydisDecoderEnableMode(&decoder, ZYDIS_DECODER_MODE_CET, ZYAN_TRUE); /* ENDBR64 by its name */
    formatter_init(&formatter);
    if (size == 0) return 0;
    text[0] = '\0';
    bool is_one = ZYAN_SUCCESS(ZydisDecoderDecodeFull(&decoder, bytes, available, &z, operand));
    if (is_one && !size_is_told(&z, operand))
        ZydisFormatterSetProperty(&formatter, ZYDIS_FORMATTER_PROP_FORCE_SIZE, ZYAN_TRUE);
    if (is_one && ZYAN_SUCCESS(ZydisFormatterFormatInstruction(
                      &formatter, &z, operand, z.operand_count_visible, text, size, rip, NULL)))
        return z.length;
    if (available) snprintf(text, size, ".byte 0x%02x", bytes[0]);
    return 0;
}

const char *instruction_mnemonic(const uint8_t *bytes, size_t available, bool is_compat)
{
    ZydisDecoder decoder;
    ZydisDecodedInstruction z;
    decoder_init(&decoder, is_compat);
    bool is_one = ZYAN_SUCCESS(ZydisDecoderDecodeInstruction(&decoder, NULL, bytes, available, &z));
    return is_one ? ZydisMnemonicGetString(z.mnemonic) : NULL;
}

uint32_t instruction_writes(const uint8_t *bytes, size_t available, bool is_compat)
{
    ZydisDecoder decoder;
    ZydisDecodedInstruction z;
    ZydisDecodedOperand operand[ZYDIS_MAX_OPERAND_COUNT];
    uint32_t written = 0;
    decoder_init(&decoder, is_compat);
    if (!ZYAN_SUCCESS(ZydisDecoderDecodeFull(&decoder, bytes, available, &z, operand))) return 0;
    for (unsigned i = 0; i < z.operand_count; i++) {
        if (operand[i].type != ZYDIS_OPERAND_TYPE_REGISTER) continue;
        if (!(operand[i].actions & ZYDIS_OPERAND_ACTION_MASK_WRITE)) continue;
        ZydisRegister whole =
            ZydisRegisterGetLargestEnclosing(ZYDIS_MACHINE_MODE_LONG_64, operand[i].reg.value);
        if (whole >= ZYDIS_REGISTER_RAX && whole <= ZYDIS_REGISTER_R15)
            written |= 1u << (whole - ZYDIS_REGISTER_RAX);
    }
    return written;
}
