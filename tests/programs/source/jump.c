/* SPDX-License-Identifier: BSD-2-Clause */
/* setjmp and longjmp, with the control words of x87 and SSE as the ABI wants them; variadic calls;
 * functions through pointers; recursion. */
#include "program.h"

/* rbx rbp r12 r13 r14 r15 rsp rip, MXCSR, x87's control word */
typedef uint64_t place[10];

int set_jump(place p) __attribute__((returns_twice));
_Noreturn void long_jump(place p, int value);

__asm__(".text\n"
        ".globl set_jump\n"
        "set_jump:\n"
        "    movq %rbx, (%rdi)\n    movq %rbp, 8(%rdi)\n    movq %r12, 16(%rdi)\n"
        "    movq %r13, 24(%rdi)\n    movq %r14, 32(%rdi)\n    movq %r15, 40(%rdi)\n"
        "    leaq 8(%rsp), %rdx\n    movq %rdx, 48(%rdi)\n"
        "    movq (%rsp), %rdx\n    movq %rdx, 56(%rdi)\n"
        "    stmxcsr 64(%rdi)\n    fnstcw 72(%rdi)\n"
        "    xorl %eax, %eax\n    ret\n"
        ".globl long_jump\n"
        "long_jump:\n"
        "    movq (%rdi), %rbx\n    movq 8(%rdi), %rbp\n    movq 16(%rdi), %r12\n"
        "    movq 24(%rdi), %r13\n    movq 32(%rdi), %r14\n    movq 40(%rdi), %r15\n"
        "    movq 48(%rdi), %rsp\n    ldmxcsr 64(%rdi)\n    fldcw 72(%rdi)\n"
        "    movl %esi, %eax\n    jmpq *56(%rdi)\n");

static place outer, inner;
static volatile int depth;

static void set_control(uint16_t x87, uint32_t sse)
{
    __asm__ volatile("fldcw %0; ldmxcsr %1" : : "m"(x87), "m"(sse));
}

static void dive(int level)
{
    depth++;
    if (level == 0) {
        set_control(0xf7f, 0x7f80); /* towards zero */
        long_jump(outer, 7);
    }
    dive(level - 1);
    say("never\n");
}

static double third(void)
{
    volatile double a = 2, b = 3;
    return a / b;
}

static void modes(void)
{
    static const uint16_t x87[] = { 0x37f, 0x77f, 0xb7f, 0xf7f, 0x27f, 0x07f };
    static const uint32_t sse[] = { 0x1f80, 0x3f80, 0x5f80, 0x7f80, 0x9fc0, 0x1f80 };
    for (int i = 0; i < 6; i++) {
        volatile long double a = 2, b = 3, c = -7;
        volatile double d = 2, e = 3, tiny = 2.2250738585072014e-308;
        set_control(x87[i], sse[i]);
        volatile long double x = a / b, y = c / b;
        volatile double z = d / e, t = tiny / 3;
        volatile long n = (long)(x * 10);
        set_control(0x37f, 0x1f80);
        say("%.22Lg %.22Lg %.20g %g %ld\n", x, y, z, t, n);
    }
}

static long double mixed(const char *kinds, ...)
{
    va_list a, again;
    long double sum = 0;
    va_start(a, kinds);
    va_copy(again, a);
    for (const char *k = kinds; *k; k++) switch (*k) {
        case 'i': sum += va_arg(a, int); break;
        case 'l': sum += va_arg(a, long); break;
        case 'd': sum += va_arg(a, double); break;
        case 'L': sum += va_arg(a, long double); break;
        default: sum += *va_arg(a, char *); break;
        }
    if (*kinds == 'i') sum *= va_arg(again, int);
    va_end(a);
    va_end(again);
    return sum;
}

static unsigned ackermann(unsigned m, unsigned n)
{
    if (m == 0) return n + 1;
    return n == 0 ? ackermann(m - 1, 1) : ackermann(m - 1, ackermann(m, n - 1));
}

static int twice(int x)
{
    return 2 * x;
}
static int square(int x)
{
    return x * x;
}
static int negate(int x)
{
    return -x;
}

int program(void)
{
    volatile int tries = 0;
    int came = set_jump(outer);
    say("came %d depth %d %.17g\n", came, depth, third());
    if (came == 0) dive(20);
    while (set_jump(inner) < 5) long_jump(inner, ++tries);
    say("tries %d\n", tries);
    modes();
    say("%.6Lf\n", mixed("idlLsdddddddddLilL", 3, 1.5, 5000000000, 2.25L, "A", 1.0, 2.0, 3.0, 4.0,
                         5.0, 6.0, 7.0, 8.0, 9.0, 10.5L, -11, 12L, 0.125L));
    say("%u\n", ackermann(2, 30));
    int (*const step[])(int) = { twice, square, negate };
    int x = 3;
    for (int i = 0; i < 9; i++) x = step[i * 7 % 3](x) % 10007;
    say("%d\n", x);
    return 0;
}
