/* SPDX-License-Identifier: BSD-2-Clause */
/* Hello for Linux in C, without a C library: each system call is made by a function, which returns by
 * the address that lies on the stack. */
static long linux_call(long number, long a, long b, long c)
{
    long result;
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"(number), "D"(a), "S"(b), "d"(c)
                     : "rcx", "r11", "memory");
    return result;
}

static __attribute__((noinline)) long print(const char *text)
{
    long length = 0;
    while (text[length]) length++;
    return linux_call(1, 1, (long)text, length);
}

void _start(void)
{
    print("Hello from C\n");
    print("and once more\n");
    linux_call(60, 8, 0, 0);
    for (;;) continue;
}
