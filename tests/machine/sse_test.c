/* SPDX-License-Identifier: BSD-2-Clause */
/* SSE without a host to ask: results, exceptions of MXCSR and of operands in memory, as the manual has
 * them. The same on every host; what random sequences find is in host_test.c. */
#include "machine_fixture.h"

enum { MXCSR_AT = 24, XMM_AT = 160, RESET = 0x1f80 };

#define SINGLES(a, b, c, d)                                                                        \
    {                                                                                              \
        (uint64_t)(b) << 32 | (a), (uint64_t)(d) << 32 | (c)                                       \
    }

/* Double precision. */
#define ONE         UINT64_C(0x3ff0000000000000)
#define TWO         UINT64_C(0x4000000000000000)
#define THREE       UINT64_C(0x4008000000000000)
#define THIRD       UINT64_C(0x3fd5555555555555)
#define HUGE        UINT64_C(0x7fefffffffffffff)
#define SMALLEST    UINT64_C(0x0010000000000000) /* normal number */
#define DENORMAL    UINT64_C(0x0000000000000001)
#define INFINITE    UINT64_C(0x7ff0000000000000)
#define NEGATIVE    UINT64_C(0x8000000000000000)
#define DEFAULT_NAN UINT64_C(0xfff8000000000000)
#define QUIET       UINT64_C(0x7ff8000000000123)
#define SIGNALING   UINT64_C(0x7ff0000000000456)
#define QUIETED     UINT64_C(0x7ff8000000000456)

enum { IE = 1, DE = 2, ZE = 4, OE = 8, UE = 16, PE = 32, DAZ = 64, FTZ = 0x8000 };
enum { DOWN = 0x2000, UP = 0x4000, TO_ZERO = 0x6000 };

/* xmm0 and xmm1 before, MXCSR beside its reset value, xmm0 and the flags behind. */
struct result {
    const char *source;
    uint64_t a[2], b[2];
    uint32_t mxcsr;
    uint64_t want[2];
    uint32_t flags;
};

/* clang-format off */
static const struct result results[] = {
    { "addsd xmm0, xmm1",  { ONE, 7 }, { TWO, 9 }, 0, { THREE, 7 }, 0 },
    { "addsd xmm0, xmm1",  { ONE }, { DENORMAL }, 0, { ONE }, DE | PE },
    { "addsd xmm0, xmm1",  { ONE }, { DENORMAL }, UP, { ONE + 1 }, DE | PE },
    { "addsd xmm0, xmm1",  { ONE }, { DENORMAL }, DAZ, { ONE }, 0 },
    { "addsd xmm0, xmm1",  { HUGE }, { HUGE }, 0, { INFINITE }, OE | PE },
    { "addsd xmm0, xmm1",  { HUGE }, { HUGE }, TO_ZERO, { HUGE }, OE | PE },
    { "subsd xmm0, xmm1",  { ONE }, { ONE }, 0, { 0 }, 0 },
    { "subsd xmm0, xmm1",  { ONE }, { ONE }, DOWN, { NEGATIVE }, 0 },
    { "subsd xmm0, xmm1",  { SMALLEST }, { SMALLEST + 1 }, 0, { NEGATIVE | DENORMAL }, 0 },
    { "subsd xmm0, xmm1",  { SMALLEST }, { SMALLEST + 1 }, FTZ, { NEGATIVE }, UE | PE },
    { "subsd xmm0, xmm1",  { INFINITE }, { INFINITE }, 0, { DEFAULT_NAN }, IE },
    { "mulsd xmm0, xmm1",  { INFINITE }, { NEGATIVE }, 0, { DEFAULT_NAN }, IE },
    { "mulsd xmm0, xmm1",  { SMALLEST }, { THIRD }, 0, { UINT64_C(0x5555555555555) }, UE | PE },
    { "divsd xmm0, xmm1",  { ONE }, { THREE }, 0, { THIRD }, PE },
    { "divsd xmm0, xmm1",  { ONE }, { THREE }, UP, { THIRD + 1 }, PE },
    { "divsd xmm0, xmm1",  { ONE }, { NEGATIVE }, 0, { NEGATIVE | INFINITE }, ZE },
    { "divsd xmm0, xmm1",  { 0 }, { NEGATIVE }, 0, { DEFAULT_NAN }, IE },
    { "sqrtsd xmm0, xmm1", { 5, 6 }, { TWO }, 0, { UINT64_C(0x3ff6a09e667f3bcd), 6 }, PE },
    { "sqrtsd xmm0, xmm1", { 5 }, { NEGATIVE }, 0, { NEGATIVE }, 0 },
    { "sqrtsd xmm0, xmm1", { 5 }, { NEGATIVE | ONE }, 0, { DEFAULT_NAN }, IE },
    /* NaNs: the first operand's, else the second's, quieted */
    { "addsd xmm0, xmm1",  { QUIET }, { SIGNALING }, 0, { QUIET }, IE },
    { "addsd xmm0, xmm1",  { SIGNALING }, { QUIET }, 0, { QUIETED }, IE },
    { "addsd xmm0, xmm1",  { ONE }, { SIGNALING }, 0, { QUIETED }, IE },
    { "addsd xmm0, xmm1",  { DENORMAL }, { QUIET }, 0, { QUIET }, 0 },
    { "minsd xmm0, xmm1",  { QUIET }, { ONE }, 0, { ONE }, IE },
    { "minsd xmm0, xmm1",  { ONE }, { SIGNALING }, 0, { SIGNALING }, IE },
    { "maxsd xmm0, xmm1",  { 0 }, { NEGATIVE }, 0, { NEGATIVE }, 0 },
    { "cmpsd xmm0, xmm1, 1", { ONE }, { QUIET }, 0, { 0 }, IE },
    { "cmpsd xmm0, xmm1, 4", { ONE }, { QUIET }, 0, { UINT64_MAX }, 0 },
    { "cmpsd xmm0, xmm1, 7", { ONE }, { TWO }, 0, { UINT64_MAX }, 0 },
    /* packed: any lane raises */
    { "addps xmm0, xmm1", SINGLES(0x3f800000, 0x7f7fffff, 0x7f800000, 0x00000001), SINGLES(0x40000000, 0x7f7fffff, 0xff800000, 0x00000000), 0,
      SINGLES(0x40400000, 0x7f800000, 0xffc00000, 0x00000001), IE | DE | OE | PE },
    { "haddpd xmm0, xmm1", { ONE, TWO }, { TWO, NEGATIVE | TWO }, 0, { THREE, 0 }, 0 },
    { "dppd xmm0, xmm1, 0x31", { ONE, TWO }, { ONE, ONE }, 0, { THREE, 0 }, 0 },
    { "roundsd xmm0, xmm1, 0", { 0 }, { UINT64_C(0x4004000000000000) }, 0, { TWO }, PE },
    { "roundsd xmm0, xmm1, 10", { 0 }, { UINT64_C(0x4004000000000000) }, 0, { THREE }, 0 },
    { "roundsd xmm0, xmm1, 4", { 0 }, { UINT64_C(0x4004000000000000) }, UP, { THREE }, PE },
    { "cvtsd2ss xmm0, xmm1", { UINT64_MAX }, { THIRD }, 0, { UINT64_C(0xffffffff3eaaaaab) }, PE },
    { "cvtss2sd xmm0, xmm1", { 0 }, { 0x7f800001 }, 0, { UINT64_C(0x7ff8000020000000) }, IE },
    { "cvtpd2dq xmm0, xmm1", { 1, 1 }, { THREE, INFINITE }, 0, { UINT64_C(0x8000000000000003) }, IE },
    { "cvttps2dq xmm0, xmm1", { 1, 1 }, SINGLES(0x3fc00000, 0xbfc00000, 0x4f000000, 0), 0, SINGLES(1, UINT32_MAX, 0x80000000, 0), IE | PE },
    /* integers */
    { "paddusb xmm0, xmm1", { 0xff01 }, { 0x0202 }, 0, { 0xff03 }, 0 },
    { "pmulhrsw xmm0, xmm1", { 0x8000 }, { 0x8000 }, 0, { 0x8000 }, 0 },
    { "psraw xmm0, 200", { 0x80000001 }, { 0 }, 0, { 0xffff0000 }, 0 },
    { "pslldq xmm0, 9", { 0x1122, 0x33 }, { 0 }, 0, { 0, 0x112200 }, 0 },
    { "palignr xmm0, xmm1, 24", { 3, 4 }, { 1, 2 }, 0, { 4, 0 }, 0 },
    { "pshufb xmm0, xmm1", { UINT64_C(0x0706050403020100) }, { UINT64_C(0x8000010203040506) }, 0, { UINT64_C(0x0000010203040506), 0 }, 0 },
    { "phminposuw xmm0, xmm1", { 0 }, { UINT64_C(0x0005000400030003), UINT64_C(0x0009000900090002) }, 0, { 0x40002 }, 0 },
};
/* clang-format on */

static uint32_t mxcsr_of(const struct machine *m)
{
    uint32_t mxcsr;
    memcpy(&mxcsr, cpu_at(&m->world)->fpu + MXCSR_AT, sizeof mxcsr);
    return mxcsr;
}

static void set_mxcsr(struct machine *m, uint32_t mxcsr)
{
    memcpy(machine_cpu(m)->fpu + MXCSR_AT, &mxcsr, sizeof mxcsr);
}

static void set_vector(struct machine *m, unsigned n, const uint64_t v[2])
{
    memcpy(machine_cpu(m)->fpu + XMM_AT + 16 * n, v, 16);
}

/* A machine that runs `source` and then int3, with xmm0 and xmm1 given. */
static struct machine *prepared(const char *source, const uint64_t a[2], const uint64_t b[2])
{
    struct machine *m = machine_new();
    machine_asm(m, machine_asm(m, CODE, source), "int3");
    set_vector(m, 0, a);
    set_vector(m, 1, b);
    machine_cpu(m)->reg[REG_RBX] = DATA;
    machine_cpu(m)->reg[REG_RCX] = UNMAPPED;
    machine_cpu(m)->reg[REG_RDX] = READ_ONLY;
    machine_cpu(m)->reg[REG_RSI] = NON_CANONICAL;
    return m;
}

static void check_result(const struct result *r, uint32_t sticky)
{
    struct machine *m = prepared(r->source, r->a, r->b);
    set_mxcsr(m, RESET | r->mxcsr | sticky);
    struct trap t = machine_run(m, 1000);
    uint64_t seen[2];
    memcpy(seen, cpu_at(&m->world)->fpu + XMM_AT, sizeof seen);
    if (t.vector != VECTOR_BP) fail_msg("%s: vector %u", r->source, t.vector);
    if (seen[0] != r->want[0] || seen[1] != r->want[1])
        fail_msg("row %u, %s: %016lx:%016lx", (unsigned)(r - results), r->source,
                 (unsigned long)seen[1], (unsigned long)seen[0]);
    if (mxcsr_of(m) != (RESET | r->mxcsr | r->flags | sticky))
        fail_msg("row %u, %s: mxcsr %#x", (unsigned)(r - results), r->source, mxcsr_of(m));
    machine_free(m);
}

static void results_and_flags_are_the_manuals(void **state)
{
    (void)state;
    for (unsigned i = 0; i < sizeof results / sizeof *results; i++) check_result(&results[i], 0);
}

/* With PE set already the host's own operators may be used. */
static void results_do_not_depend_on_flags_that_are_set(void **state)
{
    (void)state;
    for (unsigned i = 0; i < sizeof results / sizeof *results; i++) check_result(&results[i], PE);
}

/* An operation that raises just `flags`, and a vector behind when one of them is not masked. */
static const struct {
    const char *source;
    uint64_t a, b;
    uint32_t flags;
} raising[] = {
    { "mulsd xmm0, xmm1", INFINITE, 0, IE },
    { "addsd xmm0, xmm1", 0, DENORMAL, DE },
    { "divsd xmm0, xmm1", ONE, 0, ZE },
    { "mulsd xmm0, xmm1", HUGE, HUGE, OE | PE },
    { "mulsd xmm0, xmm1", SMALLEST + 1, THIRD, UE | PE },
    { "divsd xmm0, xmm1", ONE, THREE, PE },
    { "comisd xmm0, xmm1", ONE, QUIET, IE },
    { "cvttsd2si rax, xmm1", 0, INFINITE, IE },
};

static void check_unmasked(unsigned i, uint32_t flag, uint64_t features, uint32_t vector)
{
    struct machine *m = prepared(raising[i].source, (uint64_t[]){ raising[i].a, 7 },
                                 (uint64_t[]){ raising[i].b, 9 });
    machine_cpu(m)->features = features;
    set_mxcsr(m, RESET & ~(flag << 7));
    struct cpu before = *cpu_at(&m->world);
    struct trap t = machine_run(m, 1000);
    const struct cpu *after = cpu_at(&m->world);
    if (t.vector != vector || t.error_code != 0)
        fail_msg("%s: vector %u", raising[i].source, t.vector);
    assert_int_equal(after->rip, CODE);
    assert_memory_equal(after->reg, before.reg, sizeof before.reg);
    assert_memory_equal(after->fpu + XMM_AT, before.fpu + XMM_AT, 256);
    assert_int_equal(after->rflags, before.rflags | FLAG_RF);
    assert_int_equal(mxcsr_of(m) & 63, raising[i].flags);
    machine_free(m);
}

static void an_unmasked_exception_is_ud_without_osxmmexcpt_and_changes_nothing_else(void **state)
{
    (void)state;
    for (unsigned i = 0; i < sizeof raising / sizeof raising[0]; i++)
        for (uint32_t flag = 1; flag <= PE; flag <<= 1)
            if (raising[i].flags & flag) {
                check_unmasked(i, flag, 0, VECTOR_UD);
                check_unmasked(i, flag, CPU_OSXMMEXCPT, VECTOR_XM);
            }
}

/* An operand in memory: rbx DATA, rcx UNMAPPED, rdx READ_ONLY, rsi NON_CANONICAL. */
static const struct {
    const char *source;
    uint32_t vector;
    word_t error_code, cr2;
} operands[] = {
    { "movaps xmm0, [rbx+8]", VECTOR_GP, 0, 0 },
    { "movaps [rbx+8], xmm0", VECTOR_GP, 0, 0 },
    { "movdqa xmm0, [rbx+1]", VECTOR_GP, 0, 0 },
    { "movntps [rbx+4], xmm0", VECTOR_GP, 0, 0 },
    { "addps xmm0, [rbx+4]", VECTOR_GP, 0, 0 },
    { "pxor xmm0, [rbx+15]", VECTOR_GP, 0, 0 },
    { "movaps xmm0, [rcx+4]", VECTOR_GP, 0, 0 }, /* before the page is looked for */
    { "movaps xmm0, [rsi]", VECTOR_GP, 0, 0 },
    { "movaps xmm0, [rcx]", VECTOR_PF, 4, UNMAPPED },
    { "movaps [rdx], xmm0", VECTOR_PF, 7, READ_ONLY },
    { "movups xmm0, [rbx+0x1ff8]", VECTOR_PF, 4, DATA + 0x2000 },
    { "movups [rbx+0x1ff8], xmm0", VECTOR_PF, 6, DATA + 0x2000 },
    { "movsd [rbx+0x1ffc], xmm0", VECTOR_PF, 6, DATA + 0x2000 },
    { "addsd xmm0, [rbx+0x1ffc]", VECTOR_PF, 4, DATA + 0x2000 },
    { "addsd xmm0, [rbx+4]", VECTOR_BP, 0, 0 },
    { "movups xmm0, [rbx+0xff8]", VECTOR_BP, 0, 0 },
    { "movups [rbx+0xff8], xmm0", VECTOR_BP, 0, 0 },
    { "pcmpistri xmm0, [rbx+1], 0", VECTOR_BP, 0, 0 },
    { "pmovzxbw xmm0, [rbx+1]", VECTOR_BP, 0, 0 },
    { "ldmxcsr dword ptr [rbx]", VECTOR_GP, 0, 0 }, /* reserved bits */
    { "stmxcsr dword ptr [rdx]", VECTOR_PF, 7, READ_ONLY },
};

static void operands_in_memory_fault_as_the_manual_says(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 2 * sizeof operands / sizeof operands[0]; i++) {
        unsigned n = i / 2;
        struct machine *m =
            prepared(operands[n].source, (uint64_t[]){ ONE, 5 }, (uint64_t[]){ 0, 0 });
        machine_put_word(m, DATA, 0x10000);
        machine_cpu(m)->cr2 = 0x77;
        struct trap t = machine_run(m, i % 2 ? 1 : 1000);
        if (t.kind == TRAP_NONE) t = machine_run(m, 1000);
        if (t.vector != operands[n].vector || t.error_code != operands[n].error_code)
            fail_msg("%s: vector %u code %#lx", operands[n].source, t.vector,
                     (unsigned long)t.error_code);
        assert_int_equal(cpu_at(&m->world)->cr2, operands[n].cr2 ? operands[n].cr2 : 0x77);
        if (t.vector != VECTOR_BP) assert_int_equal(cpu_at(&m->world)->rip, CODE);
        assert_int_equal(machine_word(m, DATA + 0x1ff8), 0);
        machine_free(m);
    }
}

static void alignment_checks_hold_for_operands_that_may_be_misaligned(void **state)
{
    static const struct {
        const char *source;
        uint32_t vector;
    } checked[] = {
        { "movsd xmm0, [rbx+4]", VECTOR_AC },
        { "movups xmm0, [rbx+8]", VECTOR_AC },
        { "movups [rbx+8], xmm0", VECTOR_AC },
        { "pinsrw xmm0, word ptr [rbx+1], 0", VECTOR_AC },
        { "movaps xmm0, [rbx+8]", VECTOR_GP },
        { "movsd xmm0, [rbx+8]", VECTOR_BP },
        { "pinsrb xmm0, byte ptr [rbx+1], 0", VECTOR_BP },
    };
    (void)state;
    for (unsigned i = 0; i < sizeof checked / sizeof checked[0]; i++) {
        struct machine *m = prepared(checked[i].source, (uint64_t[]){ 1, 2 }, (uint64_t[]){ 0, 0 });
        machine_run(m, 1000); /* now there is a translation */
        machine_cpu(m)->rip = CODE;
        machine_cpu(m)->features |= CPU_ALIGNMENT;
        machine_cpu(m)->rflags |= FLAG_AC;
        struct trap t = machine_run(m, 1000);
        if (t.vector != checked[i].vector) fail_msg("%s: vector %u", checked[i].source, t.vector);
        machine_free(m);
    }
}

static void a_store_across_pages_writes_both(void **state)
{
    (void)state;
    struct machine *m =
        prepared("movups [rbx+0xff8], xmm0", (uint64_t[]){ 0x11, 0x22 }, (uint64_t[]){ 0, 0 });
    assert_int_equal(machine_run(m, 1000).vector, VECTOR_BP);
    assert_int_equal(machine_word(m, DATA + 0xff8), 0x11);
    assert_int_equal(machine_word(m, DATA + 0x1000), 0x22);
    machine_free(m);
}

static void maskmovdqu_writes_where_the_mask_says(void **state)
{
    (void)state;
    struct machine *m =
        prepared("maskmovdqu xmm0, xmm1", (uint64_t[]){ UINT64_C(0x1122334455667788), 0 },
                 (uint64_t[]){ UINT64_C(0x80007f00ff000080), 0 });
    machine_cpu(m)->reg[REG_RDI] = DATA + 3;
    assert_int_equal(machine_run(m, 1000).vector, VECTOR_BP);
    assert_int_equal(machine_word(m, DATA + 3), UINT64_C(0x1100000055000088));
    machine_free(m);
}

/* Not offered by CPUID, or with LOCK, or of operands that the instruction does not have. */
static void what_the_processor_lacks_raises_ud(void **state)
{
    static const struct {
        uint8_t code[6], length;
    } lacking[] = {
        { { 0x66, 0x0f, 0x38, 0xdc, 0xc1 }, 5 },    /* aesenc */
        { { 0x66, 0x0f, 0x3a, 0x44, 0xc1, 0 }, 6 }, /* pclmulqdq */
        { { 0xc5, 0xf8, 0x58, 0xc1 }, 4 },          /* vaddps */
        { { 0xf2, 0x0f, 0x2b, 0x03 }, 4 },          /* movntsd: SSE4a */
        { { 0x66, 0x0f, 0x79, 0xc1 }, 4 },          /* extrq: SSE4a */
        { { 0xf0, 0x0f, 0x58, 0x03 }, 4 },          /* lock addps */
        { { 0x66, 0x0f, 0xe7, 0xc1 }, 4 },          /* movntdq of registers */
        { { 0x66, 0x0f, 0x50, 0x03 }, 4 },          /* movmskpd of memory */
    };
    (void)state;
    for (unsigned i = 0; i < sizeof lacking / sizeof lacking[0]; i++) {
        struct machine *m = machine_new();
        machine_put(m, CODE, lacking[i].code, lacking[i].length);
        machine_cpu(m)->reg[REG_RBX] = DATA;
        struct trap t = machine_run(m, 1000);
        if (t.vector != VECTOR_UD) fail_msg("row %u: vector %u", i, t.vector);
        assert_int_equal(cpu_at(&m->world)->rip, CODE);
        machine_free(m);
    }
}

/* Approximations: within 1.5 * 2^-12 of the exact value, nothing raised. */
static void reciprocals_are_good_to_twelve_bits(void **state)
{
    (void)state;
    const float values[4] = { 3.0f, 0.7f, 12345.0f, 1e-20f };
    uint64_t v[2];
    memcpy(v, values, sizeof v);
    struct machine *m = prepared("rcpps xmm0, xmm1; rsqrtps xmm2, xmm1", v, v);
    assert_int_equal(machine_run(m, 1000).vector, VECTOR_BP);
    float r[4], q[4];
    memcpy(r, cpu_at(&m->world)->fpu + XMM_AT, sizeof r);
    memcpy(q, cpu_at(&m->world)->fpu + XMM_AT + 32, sizeof q);
    for (unsigned i = 0; i < 4; i++) {
        double error = (double)r[i] * values[i] - 1, error2 = (double)q[i] * q[i] * values[i] - 1;
        assert_true(error < 1.5 / 4096 && error > -1.5 / 4096);
        assert_true(error2 < 3.0 / 4096 && error2 > -3.0 / 4096);
    }
    assert_int_equal(mxcsr_of(m), RESET);
    machine_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(results_and_flags_are_the_manuals),
        cmocka_unit_test(results_do_not_depend_on_flags_that_are_set),
        cmocka_unit_test(an_unmasked_exception_is_ud_without_osxmmexcpt_and_changes_nothing_else),
        cmocka_unit_test(operands_in_memory_fault_as_the_manual_says),
        cmocka_unit_test(alignment_checks_hold_for_operands_that_may_be_misaligned),
        cmocka_unit_test(a_store_across_pages_writes_both),
        cmocka_unit_test(maskmovdqu_writes_where_the_mask_says),
        cmocka_unit_test(what_the_processor_lacks_raises_ud),
        cmocka_unit_test(reciprocals_are_good_to_twelve_bits),
    };
    return cmocka_run_group_tests_name("SSE", tests, NULL, NULL);
}
