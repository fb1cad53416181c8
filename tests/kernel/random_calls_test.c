/* SPDX-License-Identifier: BSD-2-Clause */
/* Thousands of calls by chance, sensible ones and absurd ones, in each configuration: whatever a root
 * task asks for, the kernel's invariants hold and the same calls give the same world. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "kernel/booted.h"
#include "walk/edges.h"
#include "world/world.h"

enum { WORLD_CALLS = 400, WORLDS = 20, FIRST_SLOT = 0x200, SLOTS = 48, SLOT_UNTYPED_COUNT = 8 };
#define MEMORY (UINT64_C(32) << 20)

struct chance {
    struct world w;
    uint64_t state;
    word_t untyped; /* slot of the last untyped */
};

static uint64_t below(struct chance *c, uint64_t n)
{
    c->state ^= c->state << 13;
    c->state ^= c->state >> 7;
    c->state ^= c->state << 17;
    return (c->state * UINT64_C(0x2545f4914f6cdd1d) >> 11) % n;
}

/* How a call's words and extra capabilities are chosen, a letter each (choose()). */
static const struct shape {
    const char *label, *words, *caps;
} shapes[] = {
    { "UntypedRetype", "tb00sn", "C" },
    { "CNodeCopy", "sdsdr", "C" },
    { "CNodeMint", "sdsdrx", "C" },
    { "CNodeMove", "sdsd", "C" },
    { "CNodeMutate", "sdsdx", "C" },
    { "CNodeRotate", "sdxsdxsd", "CC" },
    { "CNodeDelete", "sd", "" },
    { "CNodeRevoke", "sd", "" },
    { "CNodeCancelBadgedSends", "sd", "" },
    { "CNodeSaveCaller", "sd", "" },
    { "TCBConfigure", "x00a", "CVo" },
    { "TCBSetSpace", "x00", "CV" },
    { "TCBSetPriority", "p", "T" },
    { "TCBSetSchedParams", "pp", "T" },
    { "TCBSetIPCBuffer", "a", "o" },
    { "TCBBindNotification", "", "o" },
    { "TCBWriteRegisters", "xxxxxxxxxxxx", "" },
    { "X86PageMap", "arx", "V" },
    { "X86PageTableMap", "ax", "V" },
    { "X86PageDirectoryMap", "ax", "V" },
    { "X86PDPTMap", "ax", "V" },
    { "X86ASIDPoolAssign", "", "o" },
    { "X86ASIDControlMakePool", "sd", "oC" },
    { "IRQIssueIRQHandler", "xsd", "C" },
    { "IRQSetIRQHandler", "", "o" },
    { "X86IOPortControlIssue", "xxsd", "C" },
    { "DomainSetSet", "x", "o" },
};

static word_t anything(struct chance *c)
{
    if (below(c, 4) == 0) return below(c, UINT64_C(1) << 52) << below(c, 13);
    return edges[below(c, EDGES)];
}

/* An empty slot of the window as a rule; else any. */
static word_t some_slot(struct chance *c)
{
    for (unsigned i = 0; i < 4; i++) {
        word_t slot = FIRST_SLOT + below(c, SLOTS);
        if (cap_type(booted_cap(&c->w, slot)) == CAP_NULL) return slot;
    }
    return FIRST_SLOT + below(c, SLOTS);
}

static word_t choose(struct chance *c, char kind)
{
    bool is_cap = kind == 'o' || (kind >= 'A' && kind <= 'Z'); /* a bad one ends the thread */
    if (below(c, is_cap ? 500 : 25) == 0) return anything(c);
    switch (kind) {
    case 's': return below(c, 2) ? some_slot(c) : FIRST_SLOT + below(c, SLOTS);
    case 'o': return FIRST_SLOT + below(c, SLOTS);
    case 'd': return 64;
    case 'r': return below(c, 16);
    case 't': return below(c, object_rows);
    case 'b': return 4 + below(c, 9);
    case 'n': return 1 + below(c, 3);
    case 'p': return below(c, 256);
    case 'a': return 0x10000000 + (below(c, 8) << PAGE_BITS);
    case 'T': return 1;
    case 'C': return 2;
    case 'V': return 3;
    case '0': return 0;
    default: return anything(c);
    }
}

/* Whom to ask: mostly objects made before, the root CNode or an untyped. */
static word_t choose_service(struct chance *c)
{
    uint64_t kind = below(c, 20);
    if (kind < 10) return FIRST_SLOT + below(c, SLOTS);
    if (kind < 14) return 2;
    if (kind < 18) return c->untyped - below(c, SLOT_UNTYPED_COUNT);
    return below(c, 30) ? 2 + below(c, 70) : anything(c);
}

/* A label that the service's type has, as a rule. */
static word_t choose_label(struct chance *c, word_t service)
{
    paddr_t slot;
    const struct kernel *k = kernel_at(&c->w);
    if (kernel_lookup_slot(&c->w, k->current, service, &slot).type != LOOKUP_OK)
        return below(c, 80);
    for (unsigned i = 0; i < 200; i++) {
        word_t label = 1 + below(c, 70);
        const struct invocation_desc *row = invocation_row(&k->numbers, label);
        if (row && row->on == cap_type(cte_at(&c->w, slot)->cap)) return label;
    }
    return below(c, 80);
}

static const struct shape *shape_of(const struct chance *c, word_t label)
{
    static const struct shape any = { "", "xxxxxx", "oCV" };
    const struct invocation_desc *row = invocation_row(&kernel_at(&c->w)->numbers, label);
    for (size_t i = 0; row && i < sizeof shapes / sizeof shapes[0]; i++)
        if (strcmp(shapes[i].label, row->label) == 0) return &shapes[i];
    return &any;
}

static void put_message(struct chance *c, word_t label)
{
    static const enum reg message[MESSAGE_REGISTERS] = { REG_R10, REG_R8, REG_R9, REG_R15 };
    const struct shape *shape = shape_of(c, label);
    struct cpu *cpu = cpu_edit(&c->w);
    paddr_t buffer = tcb_ipc_buffer(&c->w, kernel_at(&c->w)->current, false);
    size_t words = strlen(shape->words), caps = strlen(shape->caps);
    for (unsigned i = 0; i < words; i++) {
        word_t word = choose(c, shape->words[i]);
        if (i < MESSAGE_REGISTERS)
            cpu->reg[message[i]] = word;
        else if (buffer)
            memory_set_word(&c->w, buffer + (1 + i) * sizeof(word_t), word);
    }
    for (unsigned i = 0; buffer && i < caps; i++)
        memory_set_word(&c->w, buffer + (MESSAGE_MAX_LENGTH + 2 + i) * sizeof(word_t),
                        choose(c, shape->caps[i]));
    cpu->reg[REG_RSI] = message_info(label, 0, caps, words);
}

static bool is_endpoint(const struct chance *c, word_t service)
{
    paddr_t slot;
    struct lookup_failure failure =
        kernel_lookup_slot(&c->w, kernel_at(&c->w)->current, service, &slot);
    return failure.type == LOOKUP_OK && cap_type(cte_at(&c->w, slot)->cap) == CAP_ENDPOINT;
}

/* Call as a rule; what does not block on endpoints; now and then any other but DebugHalt. */
static word_t choose_syscall(struct chance *c, word_t service)
{
    const struct numbers *n = &kernel_at(&c->w)->numbers;
    word_t call = 0, send = 0, halt = 0, any = ~below(c, 14);
    bool known = syscall_number(n, "Call", &call) && syscall_number(n, "NBSend", &send) &&
                 syscall_number(n, "DebugHalt", &halt);
    assert_true(known);
    if (below(c, 150) == 0 && any != halt) return any;
    return is_endpoint(c, service) && below(c, 40) ? send : call;
}

static void call_by_chance(struct chance *c)
{
    word_t service = choose_service(c);
    put_message(c, choose_label(c, service));
    word_t number = choose_syscall(c, service);
    struct cpu *cpu = cpu_edit(&c->w);
    cpu->reg[REG_RDI] = service;
    cpu->reg[REG_RDX] = number;
    cpu->rip = cpu->reg[REG_RCX] = BOOTED_ENTRY + 2;
    cpu->reg[REG_R11] = cpu->rflags;
    kernel_entry(&c->w, &(struct trap){ .kind = TRAP_SYSCALL });
}

static void tick(struct chance *c)
{
    cpu_edit(&c->w)->clock = kernel_next_event(&c->w);
    kernel_entry(&c->w, &(struct trap){ .kind = TRAP_DEVICE });
}

/* Runs one world to its end; its hash. */
static uint64_t play(uint64_t seed, const struct kernel_config *config)
{
    struct chance c = { .state = seed * UINT64_C(0x9e3779b97f4a7c15) | 1 };
    assert_true(booted_open(&c.w, MEMORY, config));
    c.untyped = booted_info(&c.w, config->mcs ? 22 : 20) - 1;
    for (unsigned i = 0; i < WORLD_CALLS; i++) {
        const struct kernel *k = kernel_at(&c.w);
        if (k->current == k->idle || below(&c, 100) == 0) tick(&c);
        if (k->current == k->idle && below(&c, 8) == 0) break; /* nobody is left */
        if (k->current != k->idle) call_by_chance(&c);
        const char *wrong = kernel_check_invariants(&c.w);
        if (wrong) fail_msg("seed %llu, call %u: %s", (unsigned long long)seed, i, wrong);
    }
    uint64_t hash = arena_hash(&c.w);
    world_close(&c.w);
    return hash;
}

static void play_all(bool mcs, bool debug, uint8_t domains)
{
    struct kernel_config config = kernel_config_default;
    config.mcs = mcs;
    config.hardware_debug_api = debug;
    config.num_domains = domains;
    for (uint64_t seed = 1; seed <= WORLDS; seed++) play(seed, &config);
}

static void any_calls_keep_the_invariants(void **state)
{
    (void)state;
    play_all(false, false, 1);
}

static void any_calls_keep_the_invariants_with_four_domains(void **state)
{
    (void)state;
    play_all(false, false, 4);
}

static void any_calls_keep_the_invariants_of_the_other_kernels(void **state)
{
    (void)state;
    play_all(true, false, 1);
    play_all(false, true, 1);
    play_all(true, true, 1);
}

static void the_same_calls_give_the_same_bytes(void **state)
{
    (void)state;
    for (uint64_t seed = 100; seed < 105; seed++)
        assert_true(play(seed, &kernel_config_default) == play(seed, &kernel_config_default));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_calls_keep_the_invariants),
        cmocka_unit_test(any_calls_keep_the_invariants_with_four_domains),
        cmocka_unit_test(any_calls_keep_the_invariants_of_the_other_kernels),
        cmocka_unit_test(the_same_calls_give_the_same_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
