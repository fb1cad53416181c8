/* SPDX-License-Identifier: BSD-2-Clause */
#include "debugged.h"

#if defined(__x86_64__) && defined(__linux__)

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
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

static void registers_in_order(struct user_regs_struct *r, unsigned long long *out[16])
{
    unsigned long long *const in_order[16] = { &r->rax, &r->rcx, &r->rdx, &r->rbx, &r->rsp, &r->rbp,
                                               &r->rsi, &r->rdi, &r->r8,  &r->r9,  &r->r10, &r->r11,
                                               &r->r12, &r->r13, &r->r14, &r->r15 };
    memcpy(out, in_order, sizeof in_order);
}

static bool fpu_set(pid_t pid, const uint8_t *image)
{
    struct user_fpregs_struct f;
    if (ptrace(PTRACE_GETFPREGS, pid, NULL, &f) != 0) return false;
    memcpy(&f, image, NATIVE_FPU);
    memcpy((uint8_t *)&f + 28, "\xff\xff\0",
           4); /* Linux refuses bits of MXCSR that are not in its mask */
    return ptrace(PTRACE_SETFPREGS, pid, NULL, &f) == 0;
}

/* `cs` 0: as it is. */
static bool registers_set(pid_t pid, const uint64_t reg[16], uint64_t rip, uint64_t rflags,
                          uint64_t cs)
{
    struct user_regs_struct r;
    unsigned long long *in_order[16];
    if (ptrace(PTRACE_GETREGS, pid, NULL, &r) != 0) return false;
    registers_in_order(&r, in_order);
    for (unsigned i = 0; i < 16; i++) *in_order[i] = reg[i];
    r.rip = rip;
    r.eflags = rflags;
    if (cs) r.cs = cs;
    r.orig_rax = ~0ULL; /* no system call to restart */
    return ptrace(PTRACE_SETREGS, pid, NULL, &r) == 0;
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
    if (!debug_register_set(pid, 7, d->dr7)) return false;
    if (!registers_set(pid, d->reg, d->rip, d->rflags, 0)) return false;
    if (d->fpu && !fpu_set(pid, d->fpu)) return false;
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

/* --- single steps ----------------------------------------------------------------------------------- */

enum { TRAP_FLAG = 0x100 };

bool debugged_begin(struct debugged_steps *steps, const struct native_state *state)
{
    static const struct debugged nothing;
    int status;
    steps->pid = fork();
    if (steps->pid == 0) child(&nothing);
    return steps->pid > 0 && waitpid(steps->pid, &status, 0) == steps->pid && WIFSTOPPED(status) &&
           registers_set(steps->pid, state->reg, state->rip, state->rflags, state->cs) &&
           fpu_set(steps->pid, state->fpu);
}

static bool state_get(pid_t pid, struct native_state *state)
{
    struct user_regs_struct r;
    struct user_fpregs_struct f;
    unsigned long long *in_order[16];
    if (ptrace(PTRACE_GETREGS, pid, NULL, &r) != 0) return false;
    if (ptrace(PTRACE_GETFPREGS, pid, NULL, &f) != 0) return false;
    registers_in_order(&r, in_order);
    for (unsigned i = 0; i < 16; i++) state->reg[i] = *in_order[i];
    state->rip = r.rip;
    state->rflags = r.eflags;
    state->cs = r.cs;
    memcpy(state->fpu, &f, NATIVE_FPU);
    return true;
}

bool debugged_step(struct debugged_steps *steps, struct native_state *state, int *signal)
{
    int status;
    pid_t pid = steps->pid;
    if (!registers_set(pid, state->reg, state->rip, state->rflags | TRAP_FLAG, state->cs) ||
        ptrace(PTRACE_CONT, pid, NULL, NULL) != 0)
        return false;
    if (waitpid(pid, &status, 0) != pid || !WIFSTOPPED(status)) return false;
    *signal = WSTOPSIG(status);
    return state_get(pid, state);
}

bool debugged_read(const struct debugged_steps *steps, uint64_t address, void *to, size_t size)
{
    char path[32];
    snprintf(path, sizeof path, "/proc/%d/mem", steps->pid);
    int file = open(path, O_RDONLY);
    if (file < 0) return false;
    ssize_t got = pread(file, to, size, (off_t)address);
    close(file);
    return got == (ssize_t)size;
}

void debugged_end(struct debugged_steps *steps)
{
    if (steps->pid <= 0) return;
    kill(steps->pid, SIGKILL);
    while (waitpid(steps->pid, NULL, 0) == steps->pid) {
    }
}

#else

uint16_t debugged_stack_selector(void)
{
    return 0;
}

bool debugged_begin(struct debugged_steps *steps, const struct native_state *state)
{
    (void)steps, (void)state;
    return false;
}

bool debugged_step(struct debugged_steps *steps, struct native_state *state, int *signal)
{
    (void)steps, (void)state, (void)signal;
    return false;
}

bool debugged_read(const struct debugged_steps *steps, uint64_t address, void *to, size_t size)
{
    (void)steps, (void)address, (void)to, (void)size;
    return false;
}

void debugged_end(struct debugged_steps *steps)
{
    (void)steps;
}

bool debugged_run(const struct debugged *d, struct debugged_stop *stop)
{
    (void)d, (void)stop;
    return false;
}

#endif
