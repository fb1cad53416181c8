/* SPDX-License-Identifier: BSD-2-Clause */
/* A Linux personality: loads a static Linux program, and is its fault handler. Each system call of the
 * program arrives as an UnknownSyscall fault; what Linux would have done is done here, and the result
 * goes back in RAX, with FaultIP behind the instruction. */
#include "linux.h"
#include "loader.h"

enum { INSTRUCTION_LENGTH = 2, STANDARD_OUTPUT = 1, STANDARD_ERROR = 2, THE_PID = 7 };
enum { CHARACTER_DEVICE = 0020620 };

static seL4_Word next_mapping = MAPPINGS;
static int has_ended;

static long call_write(seL4_Word fd, seL4_Word address, seL4_Word length)
{
    const char *text = window(address, length);
    if (fd != STANDARD_OUTPUT && fd != STANDARD_ERROR) return -LINUX_EBADF;
    if (!text) return -LINUX_EFAULT;
    for (seL4_Word i = 0; i < length; i++) putchar(text[i]);
    return (long)length;
}

static long call_writev(seL4_Word fd, seL4_Word address, seL4_Word count)
{
    long sum = 0;
    for (seL4_Word i = 0; i < count; i++) {
        const struct linux_iovec *v = window(address + i * sizeof *v, sizeof *v);
        long done = v ? call_write(fd, v->base, v->length) : -LINUX_EFAULT;
        if (done < 0) return sum ? sum : done;
        sum += done;
    }
    return sum;
}

/* Everything that the program may have open is a terminal. */
static long call_stat(seL4_Word address)
{
    struct linux_stat *s = window(address, sizeof *s);
    if (!s) return -LINUX_EFAULT;
    *s = (struct linux_stat){ .mode = CHARACTER_DEVICE, .nlink = 1, .blksize = 1024 };
    return 0;
}

/* The heap begins where the program's own memory ends; 0 asks where that is. */
static long call_brk(seL4_Word to)
{
    if (to >= program_break && to < MAPPINGS) {
        pieces_make(program_break, to);
        program_break = to;
    }
    return (long)program_break;
}

static long call_mmap(seL4_Word length, seL4_Word flags)
{
    seL4_Word at = next_mapping, size = (length + 0xfff) & ~0xffful;
    if (!(flags & LINUX_MAP_ANONYMOUS) || flags & LINUX_MAP_FIXED) return -LINUX_EINVAL;
    if (size == 0 || size > STACK_TOP - PIECE_SIZE - at) return -LINUX_ENOMEM;
    pieces_make(at, at + size);
    next_mapping += size;
    return (long)at;
}

static long call_uname(seL4_Word address)
{
    struct linux_utsname *name = window(address, sizeof *name);
    if (!name) return -LINUX_EFAULT;
    memset(name, 0, sizeof *name);
    strcpy(name->sysname, "Linux");
    strcpy(name->nodename, "seL4");
    strcpy(name->release, "6.1.0");
    strcpy(name->version, "#1 a fault handler");
    strcpy(name->machine, "x86_64");
    return 0;
}

/* FS belongs to the thread, and only the kernel can set it: an invocation, no register of the message. */
static long call_arch_prctl(seL4_Word what, seL4_Word address)
{
    if (what != LINUX_ARCH_SET_FS) return -LINUX_EINVAL;
#ifndef FORGETS_FS
    check("seL4_TCB_SetTLSBase", seL4_TCB_SetTLSBase(PROGRAM_TCB, address));
#endif
    return 0;
}

/* No chance here: a machine that can be replayed draws the same numbers each time. */
static long call_getrandom(seL4_Word address, seL4_Word length)
{
    uint8_t *bytes = window(address, length);
    if (!bytes) return -LINUX_EFAULT;
    for (seL4_Word i = 0; i < length; i++) bytes[i] = (uint8_t)(0x5a + 37 * i);
    return (long)length;
}

static long call_exit(seL4_Word status)
{
    printf("personality: the program has ended with status %lu\n", status & 0xff);
    has_ended = 1;
    return 0;
}

static long unknown_call(seL4_Word number)
{
    printf("personality: Linux call %lu is not emulated: ENOSYS\n", number);
    return -LINUX_ENOSYS;
}

/* Linux passes arguments in RDI, RSI, RDX, R10, R8 and R9. */
static long linux_do(seL4_Word number)
{
    seL4_Word rdi = seL4_GetMR(seL4_UnknownSyscall_RDI), rsi = seL4_GetMR(seL4_UnknownSyscall_RSI);
    seL4_Word rdx = seL4_GetMR(seL4_UnknownSyscall_RDX), r10 = seL4_GetMR(seL4_UnknownSyscall_R10);
    switch (number) {
    case LINUX_READ: return 0;
    case LINUX_WRITE: return call_write(rdi, rsi, rdx);
    case LINUX_WRITEV: return call_writev(rdi, rsi, rdx);
    case LINUX_CLOSE: return 0;
    case LINUX_FSTAT: return call_stat(rsi);
    case LINUX_NEWFSTATAT: return call_stat(rdx);
    case LINUX_MMAP: return call_mmap(rsi, r10);
    case LINUX_MPROTECT: return 0;
    case LINUX_MUNMAP: return 0;
    case LINUX_BRK: return call_brk(rdi);
    case LINUX_IOCTL: return -LINUX_ENOTTY;
    case LINUX_GETPID:
    case LINUX_SET_TID_ADDRESS: return THE_PID;
    case LINUX_UNAME: return call_uname(rdi);
    case LINUX_ARCH_PRCTL: return call_arch_prctl(rdi, rsi);
    case LINUX_READLINKAT: return -LINUX_ENOENT;
    case LINUX_SET_ROBUST_LIST: return 0;
    case LINUX_PRLIMIT64:
    case LINUX_RSEQ: return -LINUX_ENOSYS;
    case LINUX_GETRANDOM: return call_getrandom(rdi, rsi);
    case LINUX_EXIT:
    case LINUX_EXIT_GROUP: return call_exit(rdi);
    default: return unknown_call(number);
    }
}

/* Invocations use the same message registers, so the fault's words are kept aside. */
static void answer(void)
{
    seL4_Word word[seL4_UnknownSyscall_Length];
    for (int i = 0; i < seL4_UnknownSyscall_Length; i++) word[i] = seL4_GetMR(i);
    long result = linux_do(word[seL4_UnknownSyscall_RAX]);
    if (has_ended) return;
    word[seL4_UnknownSyscall_RAX] = (seL4_Word)result;
    word[seL4_UnknownSyscall_FaultIP] += INSTRUCTION_LENGTH;
    for (int i = 0; i < seL4_UnknownSyscall_Length; i++) seL4_SetMR(i, word[i]);
    seL4_Reply(seL4_MessageInfo_new(0, 0, 0, seL4_UnknownSyscall_FLAGS + 1));
}

static void tell_other_fault(seL4_MessageInfo_t info)
{
    if (seL4_isVMFault_tag(info))
        printf("personality: VM fault, IP 0x%lx, Addr 0x%lx: I leave it there\n",
               seL4_GetMR(seL4_VMFault_IP), seL4_GetMR(seL4_VMFault_Addr));
    else
        printf("personality: a fault with label %lu at 0x%lx: I leave it there\n",
               seL4_MessageInfo_get_label(info), seL4_GetMR(0));
    has_ended = 1;
}

int main(void)
{
    seL4_Word badge;
    load();
    unsigned calls = 0;
    while (!has_ended) {
        seL4_MessageInfo_t info = seL4_Recv(FAULT_EP, &badge);
        if (!seL4_isUnknownSyscall_tag(info)) {
            tell_other_fault(info);
            break;
        }
        calls++;
        answer();
    }
    printf("personality: %u system calls\n", calls);
    seL4_Recv(FAULT_EP, &badge);
    return 0;
}
