/* SPDX-License-Identifier: BSD-2-Clause */
/* Verbs that are one instruction: read, write, jump, syscall, int, ud2, asm. Only registers that are
 * named are set first. Encodings are written out, so that every address and size is one instruction. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "machine/text.h"
#include "shell/commands.h"

static bool read_size(struct args *a, word_t *size)
{
    *size = 8;
    if (!arg_more(a)) return true;
    if (!arg_word(a, "the size", size)) return false;
    if (*size == 1 || *size == 2 || *size == 4 || *size == 8) return true;
    return problem_set(&a->problem, "1, 2, 4 or 8 bytes", "no instruction accesses %llu bytes",
                       (unsigned long long)*size);
}

static const char *accumulator(word_t size)
{
    return size == 8 ? "rax" : size == 4 ? "eax" : size == 2 ? "ax" : "al";
}

/* mov between rax and a 64-bit address: prefix, A0–A3, the address. */
static void encode_mov(struct hand_act *act, bool store, word_t address, word_t size)
{
    if (size == 8) act->code[act->length++] = 0x48;
    if (size == 2) act->code[act->length++] = 0x66;
    act->code[act->length++] = (uint8_t)(0xa0 | (store ? 2 : 0) | (size > 1 ? 1 : 0));
    memcpy(act->code + act->length, &address, sizeof address);
    act->length += sizeof address;
}

enum outcome verb_read(struct shell *sh, struct args *a)
{
    word_t address, size;
    char text[64];
    struct hand_act act = { 0 };
    if (!arg_word(a, "an address", &address) || !read_size(a, &size) || !arg_end(a))
        return OUTCOME_FAILED;
    encode_mov(&act, false, address, size);
    snprintf(text, sizeof text, "mov %s, [%#llx]", accumulator(size), (unsigned long long)address);
    return act_hand(sh, a, &act, text);
}

enum outcome verb_write(struct shell *sh, struct args *a)
{
    word_t address, size, value;
    char text[96];
    struct hand_act act = { 0 };
    if (!arg_word(a, "an address", &address) || !arg_word(a, "a value", &value) ||
        !read_size(a, &size) || !arg_end(a))
        return OUTCOME_FAILED;
    encode_mov(&act, true, address, size);
    act.set = 1U << REG_RAX;
    act.reg[REG_RAX] = value;
    snprintf(text, sizeof text, "mov [%#llx], %s   with rax = %#llx", (unsigned long long)address,
             accumulator(size), (unsigned long long)value);
    return act_hand(sh, a, &act, text);
}

/* jmp to any address: relative where it reaches, else through the eight bytes behind the instruction. */
enum outcome verb_jump(struct shell *sh, struct args *a)
{
    word_t address;
    char text[64];
    struct hand_act act = { .code = { 0xe9 }, .length = 5 };
    if (!arg_word(a, "an address", &address) || !arg_end(a)) return OUTCOME_FAILED;
    int64_t distance = (int64_t)(address - (HAND_PAGE + 5));
    if (distance == (int32_t)distance) {
        memcpy(act.code + 1, &(int32_t){ (int32_t)distance }, 4);
    } else {
        memcpy(act.code, "\xff\x25\0\0\0\0", 6);
        memcpy(act.code + 6, &address, sizeof address);
        act.length = 6 + sizeof address;
    }
    snprintf(text, sizeof text, "jmp %#llx", (unsigned long long)address);
    return act_hand(sh, a, &act, text);
}

/* REG=EXPR */
static bool read_register(struct args *a, struct hand_act *act)
{
    const char *word = a->word[a->at++];
    const char *sign = strchr(word, '=');
    if (!sign) return problem_set(&a->problem, "rax=60 rdx=3", "`%.60s` sets no register", word);
    for (unsigned r = 0; r < REG_COUNT; r++) {
        if (strlen(reg_name[r]) != (size_t)(sign - word) ||
            strncmp(reg_name[r], word, (size_t)(sign - word)) != 0)
            continue;
        act->set |= 1U << r;
        return expr_word(&a->sc, sign + 1, &act->reg[r], &a->problem);
    }
    return problem_set(&a->problem, "rax to r15, without rip and rflags", "`%.*s` is no register",
                       (int)(sign - word), word);
}

enum outcome verb_syscall(struct shell *sh, struct args *a)
{
    struct hand_act act = { .code = { 0x0f, 0x05 }, .length = 2 };
    char text[512] = "syscall";
    while (arg_more(a))
        if (!read_register(a, &act)) return OUTCOME_FAILED;
    size_t used = strlen(text);
    for (unsigned r = 0; r < REG_COUNT && used < sizeof text; r++)
        if (act.set & 1U << r)
            used += (size_t)snprintf(text + used, sizeof text - used, "%s%s = %#llx",
                                     used > 7 ? ", " : "   with ", reg_name[r],
                                     (unsigned long long)act.reg[r]);
    return act_hand(sh, a, &act, text);
}

enum outcome verb_int(struct shell *sh, struct args *a)
{
    word_t vector;
    char text[32];
    if (!arg_word(a, "a vector", &vector) || !arg_end(a)) return OUTCOME_FAILED;
    if (vector > 255) {
        problem_set(&a->problem, "0 to 255", "there is no vector %llu", (unsigned long long)vector);
        return OUTCOME_FAILED;
    }
    struct hand_act act = { .code = { 0xcd, (uint8_t)vector }, .length = 2 };
    snprintf(text, sizeof text, "int %#llx", (unsigned long long)vector);
    return act_hand(sh, a, &act, text);
}

enum outcome verb_ud2(struct shell *sh, struct args *a)
{
    struct hand_act act = { .code = { 0x0f, 0x0b }, .length = 2 };
    return arg_end(a) ? act_hand(sh, a, &act, "ud2") : OUTCOME_FAILED;
}

/* The assembler's sentence carries its own tip. */
static void refuse_source(struct args *a, struct assembled *code)
{
    char *tip = strstr(code->error, " tip: ");
    if (tip) *tip = '\0';
    problem_set(&a->problem,
                tip ? tip + strlen(" tip: ") : "Intel syntax, `;` between instructions", "%s",
                code->error[0] ? code->error : "there is no instruction in it");
}

enum outcome verb_asm(struct shell *sh, struct args *a)
{
    const char *word;
    char source[1024];
    struct hand_act act = { 0 };
    if (!arg_text(a, "asm \"…\"", &word)) return OUTCOME_FAILED;
    if (*word != '"' || arg_more(a)) {
        problem_set(&a->problem, "asm \"mov rax, 60; syscall\"",
                    "instructions stand in one pair of quotes");
        return OUTCOME_FAILED;
    }
    word_unquote(word, source, sizeof source);
    struct assembled code = assemble(source, HAND_PAGE);
    if (code.error[0] || code.length == 0 || code.length > sizeof act.code) {
        refuse_source(a, &code);
        return OUTCOME_FAILED;
    }
    memcpy(act.code, code.code, code.length);
    act.length = code.length;
    return act_hand(sh, a, &act, source);
}
