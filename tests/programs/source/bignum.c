/* SPDX-License-Identifier: BSD-2-Clause */
/* Big numbers: factorials, Fibonacci, digits of pi, powers modulo, division of every width. */
#include "program.h"

enum { LIMBS = 80 };

static uint64_t number[LIMBS];

static void multiply(uint64_t by)
{
    unsigned __int128 carry = 0;
    for (int i = 0; i < LIMBS; i++) {
        carry += (unsigned __int128)number[i] * by;
        number[i] = (uint64_t)carry;
        carry >>= 64;
    }
}

static uint64_t divide(uint64_t by)
{
    unsigned __int128 rest = 0;
    for (int i = LIMBS - 1; i >= 0; i--) {
        rest = rest << 64 | number[i];
        uint64_t q = 0;
        for (int bit = 63; bit >= 0; bit--)
            if (rest >> bit >= by) rest -= (unsigned __int128)by << bit, q |= (uint64_t)1 << bit;
        number[i] = q;
    }
    return (uint64_t)rest;
}

static void print_number(void)
{
    static char text[LIMBS * 20];
    size_t at = sizeof text - 1;
    for (int blocks = 0; blocks < 22; blocks++) {
        uint64_t part = divide(10000000000000000000u);
        for (int i = 0; i < 19; i++, part /= 10) text[--at] = (char)('0' + part % 10);
    }
    while (text[at] == '0' && text[at + 1]) at++;
    say("%s\n", text + at);
}

static void fibonacci(int n)
{
    static uint64_t a[16], b[16];
    for (int i = 0; i < 16; i++) a[i] = 0, b[i] = i == 0;
    while (n--) {
        unsigned char carry = 0;
        for (int i = 0; i < 16; i++) {
            unsigned __int128 sum = (unsigned __int128)a[i] + b[i] + carry;
            a[i] = b[i];
            b[i] = (uint64_t)sum;
            carry = (unsigned char)(sum >> 64);
        }
    }
    for (int i = 15; i >= 0; i--) say("%016lx", a[i]);
    say("\n");
}

static void pi_digits(void)
{
    static uint32_t f[1001];
    uint32_t carry = 0;
    for (int i = 0; i < 1001; i++) f[i] = 2000;
    for (int c = 1000; c > 0; c -= 14) {
        uint32_t d = 0;
        int b = c;
        for (;;) {
            d += f[b] * 10000;
            uint32_t g = (uint32_t)(2 * b - 1);
            f[b] = d % g;
            d /= g;
            if (--b == 0) break;
            d *= (uint32_t)b;
        }
        say("%04u", carry + d / 10000);
        carry = d % 10000;
    }
    say("\n");
}

/* By the wide instructions: a compiler would call its library. */
static uint64_t multiply_modulo(uint64_t a, uint64_t b, uint64_t modulus)
{
    uint64_t rest;
    __asm__("mulq %2\n\tdivq %3" : "=&d"(rest), "+a"(a) : "r"(b), "r"(modulus) : "cc");
    return rest;
}

static uint64_t power_modulo(uint64_t base, uint64_t n, uint64_t modulus)
{
    uint64_t r = 1;
    for (; n; n >>= 1) {
        if (n & 1) r = multiply_modulo(r, base, modulus);
        base = multiply_modulo(base, base, modulus);
    }
    return r;
}

static void widths(void)
{
    uint64_t state = 9;
    uint64_t sum = 0;
    for (int i = 0; i < 3000; i++) {
        int64_t x = (int64_t)next_number(&state), y = (int64_t)next_number(&state) >> (i & 31);
        if ((int8_t)y && (int8_t)y != -1)
            sum += (uint64_t)((int8_t)x / (int8_t)y + (int8_t)x % (int8_t)y);
        if ((int16_t)y && (int16_t)y != -1) sum ^= (uint64_t)((int16_t)x / (int16_t)y);
        if ((int32_t)y && (int32_t)y != -1) sum += (uint64_t)((int32_t)x % (int32_t)y);
        if (y && y != -1) sum ^= (uint64_t)(x / y) + (uint64_t)(x % y);
        sum += (uint64_t)__builtin_popcountll((uint64_t)x) *
               (uint64_t)__builtin_ctzll((uint64_t)x | 1);
        sum ^= (uint64_t)(int64_t)__builtin_bswap64((uint64_t)y) >> (x & 63);
    }
    say("%lu\n", sum);
}

int program(void)
{
    for (int i = 0; i < LIMBS; i++) number[i] = i == 0;
    for (uint64_t i = 2; i <= 200; i++) multiply(i);
    print_number();
    fibonacci(1000);
    pi_digits();
    say("%lu %lu\n", power_modulo(3, 1000000006, 1000000007),
        power_modulo(7, 0xfffffffffffffffe, 0xffffffffffffffc5));
    widths();
    return 0;
}
