/* SPDX-License-Identifier: BSD-2-Clause */
/* Words that a lesson may use as code. They lie in one text, each between blanks; a lesson asks for a
 * few hundred of them. */
#include "course/known.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "shell/ccall.h"
#include "world/names.h"
#include "world/path.h"

enum { WORD_SIZE = 64 };

/* Words that no table of the program has: registers, instructions, C, the terms of expressions. */
static const char others[] =
    " rax rbx rcx rdx rsi rdi rbp rsp r8 r9 r10 r11 r12 r13 r14 r15 rip rflags flags eax ebx ecx "
    "edx"
    " esi edi ebp esp ax bx cx dx al bl cl dl fs_base gs_base xmm0 xmm1 cr2 cr3 dr0 dr7 mxcsr"
    " state prio mcp label length badge caps mr type rights error queue slot cspace vspace tcb"
    " fault cap vm unknown user debug timeout double-fault ipc switch call receiver endpoint "
    "printed"
    " mov jmp push pop ret add sub hlt in out cli sti nop xor and or not shl shr lea cmp test je "
    "jne"
    " loop cpuid rdtsc rdmsr wrmsr sysenter syscall int3 ud2 div idiv mul imul inc dec iretq lgdt"
    " sysret sysexit swapgs movaps movdqa movups movss movsd popcnt rep stosb movsb"
    " int long short char void unsigned signed const static volatile struct union enum return if "
    "else"
    " while for do break continue switch case default goto sizeof include define main NULL true "
    "false"
    " bool uint8_t uint16_t uint32_t uint64_t int64_t size_t printf asm"
    " seL4_Word seL4_CPtr seL4_MessageInfo_t seL4_UserContext seL4_BootInfo seL4_Fault "
    "seL4_IPCBuffer"
    " seL4_CapRights_t seL4_SlotRegion kernel console faultline cc boot run cat cp gcc EDITOR "
    "PATH ";

void known_begin(struct known *k)
{
    *k = (struct known){ 0 };
    k->stream = open_memstream(&k->text, &k->size);
    if (k->stream) fputs(others, k->stream);
}

void known_end(struct known *k)
{
    if (k->stream) fclose(k->stream);
    free(k->text);
    *k = (struct known){ 0 };
}

void known_add(struct known *k, const char *words)
{
    if (k->stream) fprintf(k->stream, " %s ", words);
}

static void add_each(void *context, const char *name)
{
    known_add(context, name);
}

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

/* Every word of a text: letters, digits, _, and - between them. */
static void add_words(struct known *k, const char *text, size_t length)
{
    for (size_t i = 0; i < length && k->stream;) {
        size_t n = 0;
        while (i + n < length && (is_word(text[i + n]) || (n && text[i + n] == '-'))) n++;
        if (n) fprintf(k->stream, " %.*s", (int)n, text + i);
        i += n ? n : 1;
    }
    known_add(k, "");
}

void known_add_language(struct known *k, const struct world *w)
{
    constants_each(w, add_each, k);
    c_function_names(w, add_each, k);
    for (size_t i = 0; i < command_count; i++) {
        const struct command *c = &command_table[i];
        known_add(k, c->name);
        known_add(k, c->aliases);
        add_words(k, c->arguments, strlen(c->arguments));
    }
    for (unsigned i = 0; i < SEL4_ERROR_COUNT; i++)
        known_add(k, error_table[i].name + strlen("seL4_"));
    for (unsigned kind = 0; kind < FAULT_KIND_COUNT; kind++) {
        if (fault_table[kind].name) known_add(k, fault_table[kind].name);
        for (unsigned i = 0; i < FAULT_WORDS && fault_table[kind].word[i].field; i++)
            known_add(k, fault_table[kind].word[i].field);
    }
    for (unsigned i = 1; i < 5; i++) {
        const struct lookup_failure_desc *f = &lookup_failure_table[i];
        known_add(k, f->name + strlen("seL4_"));
        add_words(k, f->fields, strlen(f->fields));
    }
    for (size_t i = 0; i < object_rows; i++) known_add(k, object_table[i].word);
}

void known_add_machine(struct known *k, const struct world *w)
{
    const struct world_state *state = world_state_at(w);
    for (word_t i = 0; i < state->names_used && i < NAMES_MAX; i++)
        known_add(k, state->names[i].text);
    for (word_t i = 0; i < state->variables_used && i < VARIABLES_MAX; i++)
        known_add(k, state->variables[i].name);
    for (paddr_t tcb = kernel_at(w)->debug_tcbs; tcb; tcb = tcb_debug_at(w, tcb)->next)
        known_add(k, thread_name(w, tcb));
}

/* Programs that a file names: `load libc.elf` in a script. */
static void add_programs(struct known *k, const char *text, size_t length)
{
    static const char ending[] = ".elf";
    char name[WORD_SIZE];
    for (size_t i = 0; i + strlen(ending) <= length; i++) {
        size_t start = i;
        if (strncmp(text + i, ending, strlen(ending)) != 0) continue;
        while (start > 0 && is_word(text[start - 1])) start--;
        snprintf(name, sizeof name, "%.*s", (int)(i + strlen(ending) - start), text + start);
        known_add(k, name);
    }
}

void known_add_file(struct known *k, const char *path)
{
    char block[8192];
    size_t n;
    known_add(k, path_name(path));
    FILE *file = fopen(path, "r");
    while (file && (n = fread(block, 1, sizeof block, file)) > 0) {
        add_words(k, block, n);
        add_programs(k, block, n);
    }
    if (file) fclose(file);
}

/* ---- Asking ---- */

static bool has(struct known *k, const char *word, size_t length)
{
    char wanted[WORD_SIZE + 3];
    if (!k->stream || length > WORD_SIZE) return false;
    snprintf(wanted, sizeof wanted, " %.*s ", (int)length, word);
    fflush(k->stream);
    if (strstr(k->text, wanted)) return true;
    for (char *at = wanted; *at; at++) *at = (char)tolower((unsigned char)*at);
    return isupper((unsigned char)*word) && strstr(k->text, wanted); /* RAX is rax */
}

/* Single letters stand for something; so do placeholders in capitals, and MR3. */
static bool needs_no_table(const char *word, size_t length)
{
    if (length == 1 || isdigit((unsigned char)*word)) return true;
    return length > 2 && strncmp(word, "MR", 2) == 0 && isdigit((unsigned char)word[2]);
}

static bool is_file_name(const char *word, size_t length)
{
    static const char *const endings[] = { ".c", ".h", ".S", ".fl", ".elf", ".md" };
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        size_t n = strlen(endings[i]);
        if (length > n && strncmp(word + length - n, endings[i], n) == 0) return true;
    }
    return false;
}

/* Files of the reader's own, and those in folders, are not the lesson's to have. */
static bool knows_file(struct known *k, const char *word, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (word[i] == '/') return true;
    return strncmp(word, "my", 2) == 0 || has(k, word, length);
}

static bool knows_parts(struct known *k, const char *code, size_t length, const char **word,
                        size_t *n)
{
    for (size_t i = 0; i < length; i += *n ? *n : 1) {
        *word = code + i;
        *n = 0;
        while (i + *n < length && is_word((*word)[*n])) ++*n;
        if (*n && !needs_no_table(*word, *n) && !has(k, *word, *n)) return false;
    }
    return true;
}

/* A branch gets whatever name it is given. */
static bool is_branch(const char *code, size_t at)
{
    static const char verb[] = "branch ";
    size_t n = strlen(verb);
    return at >= n && strncmp(code + at - n, verb, n) == 0;
}

bool known_lacks(struct known *k, const char *code, size_t length, char *word, size_t size)
{
    for (size_t i = 0, n; i < length; i += n ? n : 1) {
        const char *at = code + i, *part = at;
        n = 0;
        while (i + n < length && (is_word(at[n]) || strchr("-./", at[n]))) n++;
        size_t end = n, m = n;
        while (end > 0 && strchr("-./", at[end - 1])) end--;
        if (end == 0 || at[0] == '-' || isdigit((unsigned char)at[0]) || is_branch(code, i) ||
            has(k, at, end))
            continue;
        bool known =
            is_file_name(at, end) ? knows_file(k, at, end) : knows_parts(k, at, end, &part, &m);
        if (known) continue;
        snprintf(word, size, "%.*s", (int)(part == at && m > end ? end : m), part);
        return true;
    }
    return false;
}
