/* SPDX-License-Identifier: BSD-2-Clause */
/* Enters code with all registers given by way of sigreturn: a signal handler replaces the context
 * that it returns to. Leaves it the same way: every exception is a signal, whose frame shows the
 * state. So no register is lost for a trampoline, RSP included. */
#define _GNU_SOURCE /* names of the host's registers in a signal's context */
#include "native.h"
#include "sanitized.h"

/* The address sanitizer maps memory where random pointers may lead; they would meet it. */
#if defined(__x86_64__) && defined(__linux__) && !SANITIZED

#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <ucontext.h>
#include <unistd.h>

static const int host_reg[16] = { REG_RAX, REG_RCX, REG_RDX, REG_RBX, REG_RSP, REG_RBP,
                                  REG_RSI, REG_RDI, REG_R8,  REG_R9,  REG_R10, REG_R11,
                                  REG_R12, REG_R13, REG_R14, REG_R15 };

#define XSTATE_MAGIC 0x46505853u /* asm/sigcontext.h, which cannot be included beside <signal.h> */

static struct native_state entry;
static struct native_exit left;
static ucontext_t home;
static uint8_t home_fpu[NATIVE_FPU];
static volatile sig_atomic_t entering;

static void copy_general(ucontext_t *to, const ucontext_t *from)
{
    memcpy(to->uc_mcontext.gregs, from->uc_mcontext.gregs, sizeof from->uc_mcontext.gregs);
}

/* With XSAVE the frame says which parts of the state it holds; the rest would be reset. */
static void copy_fpu(ucontext_t *to, const uint8_t *image)
{
    uint8_t *fpu = (void *)to->uc_mcontext.fpregs;
    uint32_t magic;
    memcpy(fpu, image, NATIVE_FPU);
    memcpy(&magic, fpu + 464, sizeof magic);
    if (magic == XSTATE_MAGIC) fpu[512] |= 3; /* XSTATE_BV: x87, SSE */
}

static void on_enter(int signal, siginfo_t *info, void *context)
{
    (void)signal, (void)info;
    ucontext_t *c = context;
    home = *c;
    memcpy(home_fpu, c->uc_mcontext.fpregs, NATIVE_FPU);
    for (int i = 0; i < 16; i++) c->uc_mcontext.gregs[host_reg[i]] = (greg_t)entry.reg[i];
    c->uc_mcontext.gregs[REG_RIP] = (greg_t)entry.rip;
    c->uc_mcontext.gregs[REG_EFL] = (greg_t)entry.rflags;
    greg_t others = c->uc_mcontext.gregs[REG_CSGSFS] & ~(greg_t)0xffff;
    c->uc_mcontext.gregs[REG_CSGSFS] = others | (greg_t)entry.cs;
    copy_fpu(c, entry.fpu);
    entering = 1;
}

static void on_exception(int signal, siginfo_t *info, void *context)
{
    /* Linux leaves AC as it was; from here on the compiler's own accesses count. */
    __asm__ volatile("sub $128, %%rsp; pushfq; andq $~0x40000, (%%rsp); popfq; add $128, %%rsp" ::
                         : "memory", "cc");
    (void)info;
    ucontext_t *c = context;
    if (!entering) { /* our own bug: let it kill the test */
        struct sigaction plain = { .sa_handler = SIG_DFL };
        sigaction(signal, &plain, NULL);
        return;
    }
    for (int i = 0; i < 16; i++) left.state.reg[i] = (uint64_t)c->uc_mcontext.gregs[host_reg[i]];
    left.state.rip = (uint64_t)c->uc_mcontext.gregs[REG_RIP];
    left.state.rflags = (uint64_t)c->uc_mcontext.gregs[REG_EFL];
    left.state.cs = (uint64_t)c->uc_mcontext.gregs[REG_CSGSFS] & 0xffff;
    memcpy(left.state.fpu, c->uc_mcontext.fpregs, NATIVE_FPU);
    left.vector = (uint64_t)c->uc_mcontext.gregs[REG_TRAPNO];
    left.error_code = (uint64_t)c->uc_mcontext.gregs[REG_ERR];
    left.address = (uint64_t)c->uc_mcontext.gregs[REG_CR2];
    entering = 0;
    copy_general(c, &home);
    copy_fpu(c, home_fpu);
}

bool native_available(void)
{
    return true;
}

void native_settle(char **argv)
{
    int now = personality(0xffffffff); /* asks */
    if (now == -1 || now & ADDR_NO_RANDOMIZE) return;
    if (personality((unsigned long)(unsigned)now | ADDR_NO_RANDOMIZE) != -1)
        execv("/proc/self/exe", argv);
}

static bool map_at(uintptr_t address, size_t size, int protection)
{
    return mmap((void *)address, size, protection,
                MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0) == (void *)address;
}

bool native_open(void)
{
    static uint8_t stack[65536];
    stack_t alternate = { .ss_sp = stack, .ss_size = sizeof stack };
    if (sigaltstack(&alternate, NULL) != 0) return false;
    struct sigaction enter = { .sa_sigaction = on_enter, .sa_flags = SA_SIGINFO | SA_ONSTACK };
    struct sigaction exception = { .sa_sigaction = on_exception,
                                   .sa_flags = SA_SIGINFO | SA_ONSTACK };
    if (sigaction(SIGUSR1, &enter, NULL) != 0) return false;
    const int exceptions[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP };
    for (size_t i = 0; i < sizeof exceptions / sizeof exceptions[0]; i++)
        if (sigaction(exceptions[i], &exception, NULL) != 0) return false;
    static bool is_mapped;
    if (is_mapped) return true;
    is_mapped =
        map_at(NATIVE_CODE, NATIVE_PAGE, PROT_READ | PROT_WRITE | PROT_EXEC) &&
        map_at(NATIVE_DATA, NATIVE_DATA_PAGES * NATIVE_PAGE, PROT_READ | PROT_WRITE) &&
        map_at(NATIVE_READ_ONLY, NATIVE_PAGE, PROT_READ) &&
        *(volatile const uint8_t *)NATIVE_READ_ONLY == 0; /* read once, so that it is present */
    return is_mapped;
}

struct native_exit native_run(const struct native_state *state)
{
    entry = *state;
    raise(SIGUSR1); /* comes back here when the code has met its exception */
    return left;
}

#else

bool native_available(void)
{
    return false;
}
void native_settle(char **argv)
{
    (void)argv;
}
bool native_open(void)
{
    return false;
}
struct native_exit native_run(const struct native_state *state)
{
    return (struct native_exit){ .state = *state };
}

#endif
