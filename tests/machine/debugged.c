/* SPDX-License-Identifier: BSD-2-Clause */
#include "debugged.h"

#include "native.h"

#if defined(__x86_64__) && defined(__linux__)

#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

uint16_t debugged_stack_selector(void)
{
    uint16_t selector;
    __asm__("mov %%ss, %0" : "=r"(selector));
    return selector;
}

static void child(const struct debugged *d)
{
    for (unsigned i = 0; i < 4 && d->pages[i].size; i++) {
        void *at = (void *)(uintptr_t)d->pages[i].address;
        int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;
        int rights = PROT_READ | (d->pages[i].is_read_only ? 0 : PROT_WRITE | PROT_EXEC);
        if (mmap(at, d->pages[i].size, rights, flags, -1, 0) == MAP_FAILED) _exit(1);
    }
    if (d->code) memcpy((void *)(uintptr_t)d->pages[0].address, d->code, d->length);
    for (unsigned i = 0; i < 2 && d->word[i].address; i++)
        *(uint64_t *)(uintptr_t)d->word[i].address = d->word[i].value;
    if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0) _exit(1);
    raise(SIGSTOP);
    _exit(1);
}

static bool registers_set(pid_t pid, const struct debugged *d)
{
    struct user_regs_struct r;
    if (ptrace(PTRACE_GETREGS, pid, NULL, &r) != 0) return false;
    unsigned long long *const in_order[16] = { &r.rax, &r.rcx, &r.rdx, &r.rbx, &r.rsp, &r.rbp,
                                               &r.rsi, &r.rdi, &r.r8,  &r.r9,  &r.r10, &r.r11,
                                               &r.r12, &r.r13, &r.r14, &r.r15 };
    for (unsigned i = 0; i < 16; i++) *in_order[i] = d->reg[i];
    r.rip = d->rip;
    r.eflags = d->rflags;
    r.orig_rax = ~0ULL; /* no system call to restart */
    if (ptrace(PTRACE_SETREGS, pid, NULL, &r) != 0) return false;
    struct user_fpregs_struct f;
    if (!d->fpu) return true;
    if (ptrace(PTRACE_GETFPREGS, pid, NULL, &f) != 0) return false;
    memcpy(&f, d->fpu, NATIVE_FPU);
    memcpy((uint8_t *)&f + 28, "\xff\xff\0",
           4); /* Linux refuses bits of MXCSR that are not in its mask */
    return ptrace(PTRACE_SETFPREGS, pid, NULL, &f) == 0;
}

static bool debug_register_set(pid_t pid, unsigned n, uint64_t value)
{
    size_t at = offsetof(struct user, u_debugreg) + n * sizeof(long);
    return ptrace(PTRACE_POKEUSER, pid, (void *)at, (void *)(uintptr_t)value) == 0;
}

static bool run_to_stop(pid_t pid, const struct debugged *d, struct debugged_stop *stop)
{
    int status;
    struct user_regs_struct r;
    if (waitpid(pid, &status, 0) != pid || !WIFSTOPPED(status)) return false;
    for (unsigned n = 0; n < 4; n++)
        if (!debug_register_set(pid, n, d->dr[n])) return false;
    if (!debug_register_set(pid, 7, d->dr7) || !registers_set(pid, d)) return false;
    if (ptrace(PTRACE_CONT, pid, NULL, NULL) != 0) return false;
    if (waitpid(pid, &status, 0) != pid || !WIFSTOPPED(status)) return false;
    if (ptrace(PTRACE_GETREGS, pid, NULL, &r) != 0) return false;
    size_t dr6 = offsetof(struct user, u_debugreg) + 6 * sizeof(long);
    *stop =
        (struct debugged_stop){ .signal = WSTOPSIG(status),
                                .rip = r.rip,
                                .rflags = r.eflags,
                                .dr6 = (uint64_t)ptrace(PTRACE_PEEKUSER, pid, (void *)dr6, NULL) };
    return true;
}

bool debugged_run(const struct debugged *d, struct debugged_stop *stop)
{
    pid_t pid = fork();
    if (pid < 0) return false;
    if (pid == 0) child(d);
    bool is_done = run_to_stop(pid, d, stop);
    kill(pid, SIGKILL);
    while (waitpid(pid, NULL, 0) == pid) {
    }
    return is_done;
}

#else

uint16_t debugged_stack_selector(void)
{
    return 0;
}

bool debugged_run(const struct debugged *d, struct debugged_stop *stop)
{
    (void)d, (void)stop;
    return false;
}

#endif
