/* SPDX-License-Identifier: BSD-2-Clause */
/* From _start to main() and from its return to the end, and thread-local storage: the image that
 * the linker laid out, copied below the word that FS points to (x86-64's variant of TLS). */
#include <sel4runtime.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STATIC_TLS = 4096, TLS_ALIGN = 16, PT_TLS = 7 };

LIBSEL4_THREAD_LOCAL seL4_IPCBuffer *__sel4_ipc_buffer;

/* What is read of the program's own ELF header and program headers. */
struct elf_header {
    uint8_t ident[16];
    uint16_t type, machine;
    uint32_t version;
    uint64_t entry, phoff, shoff;
    uint32_t flags;
    uint16_t ehsize, phentsize, phnum, shentsize, shnum, shstrndx;
};

struct program_header {
    uint32_t type, flags;
    uint64_t offset, vaddr, paddr, filesz, memsz, align;
};

extern const struct elf_header __ehdr_start;
typedef void constructor(void);
extern constructor *const __init_array_start[], *const __init_array_end[];
extern constructor *const __fini_array_start[], *const __fini_array_end[];

int main(int argc, char **argv);
void guest_start(seL4_BootInfo *bootinfo, seL4_IPCBuffer *buffer);

static struct {
    seL4_BootInfo *bootinfo;
    sel4runtime_exit_cb *volatile exit;
    sel4runtime_pre_exit_cb *pre_exit;
    int tls_enabled;
} runtime;

static char static_tls[STATIC_TLS] __attribute__((aligned(64)));

seL4_BootInfo *sel4runtime_bootinfo(void)
{
    return runtime.bootinfo;
}

const char *sel4runtime_process_name(void)
{
    return runtime.bootinfo ? "rootserver" : "program";
}

static const struct program_header *tls_header(void)
{
    const char *at = (const char *)&__ehdr_start + __ehdr_start.phoff;
    for (unsigned i = 0; i < __ehdr_start.phnum; i++, at += __ehdr_start.phentsize)
        if (((const struct program_header *)at)->type == PT_TLS)
            return (const struct program_header *)at;
    return NULL;
}

static uintptr_t round_up(uintptr_t n, uintptr_t to)
{
    return (n + to - 1) / to * to;
}

static uintptr_t tls_align(const struct program_header *tls)
{
    return tls && tls->align > TLS_ALIGN ? tls->align : TLS_ALIGN;
}

static uintptr_t tls_bytes(const struct program_header *tls)
{
    return tls ? round_up(tls->memsz, tls_align(tls)) : 0;
}

size_t sel4runtime_get_tls_size(void)
{
    const struct program_header *tls = tls_header();
    return tls_align(tls) + tls_bytes(tls) + sizeof(uintptr_t);
}

uintptr_t sel4runtime_write_tls_image(void *memory)
{
    const struct program_header *tls = tls_header();
    if (!memory) return 0;
    char *from = (char *)round_up((uintptr_t)memory, tls_align(tls));
    uintptr_t base = (uintptr_t)from + tls_bytes(tls);
    memset(from, 0, tls_bytes(tls));
    if (tls) memcpy(from, (const void *)tls->vaddr, tls->filesz);
    *(uintptr_t *)base = base; /* the ABI: FS:0 holds FS base */
    return base;
}

uintptr_t sel4runtime_get_tls_base(void)
{
    uintptr_t base;
    __asm__("movq %%fs:0, %0" : "=r"(base));
    return base;
}

/* Before this no thread-local variable may be touched, not even to find out that it is not needed. */
static uintptr_t tls_enter(void *memory)
{
    uintptr_t base = sel4runtime_write_tls_image(memory);
    if (!base) return 0;
    seL4_SetTLSBase(base);
    runtime.tls_enabled = 1;
    return base;
}

uintptr_t sel4runtime_move_initial_tls(void *memory)
{
    seL4_IPCBuffer *buffer = __sel4_ipc_buffer;
    uintptr_t base = tls_enter(memory);
    __sel4_ipc_buffer = buffer;
    return base;
}

int sel4runtime_initial_tls_enabled(void)
{
    return runtime.tls_enabled;
}

int sel4runtime_write_tls_variable(uintptr_t base, const void *mine, const void *value, size_t size)
{
    uintptr_t below = sel4runtime_get_tls_base() - (uintptr_t)mine;
    if (below > tls_bytes(tls_header()) || size > below) return -1;
    memcpy((void *)(base - below), value, size);
    return 0;
}

sel4runtime_exit_cb *sel4runtime_set_exit(sel4runtime_exit_cb *callback)
{
    sel4runtime_exit_cb *old = runtime.exit;
    runtime.exit = callback;
    return old;
}

sel4runtime_pre_exit_cb *sel4runtime_set_pre_exit(sel4runtime_pre_exit_cb *callback)
{
    sel4runtime_pre_exit_cb *old = runtime.pre_exit;
    runtime.pre_exit = callback;
    return old;
}

void sel4runtime_exit(int code)
{
    if (runtime.pre_exit) code = runtime.pre_exit(code);
    for (constructor *const *at = __fini_array_end; at-- > __fini_array_start;) (*at)();
    runtime.exit(code); /* a call to 0 when nobody set it: sel4runtime.h */
    __builtin_trap();
}

void exit(int code)
{
    sel4runtime_exit(code);
    __builtin_unreachable();
}

void abort(void)
{
    __builtin_trap();
}

void __assert_fail(const char *what, const char *file, int line, const char *function)
{
    printf("%s:%d: %s: assertion failed: %s\n", file, line, function, what);
    abort();
}

void guest_start(seL4_BootInfo *bootinfo, seL4_IPCBuffer *buffer)
{
    static char name[] = "program", root_name[] = "rootserver";
    char *argv[] = { bootinfo ? root_name : name, NULL };
    runtime.bootinfo = bootinfo;
    if (sel4runtime_get_tls_size() > sizeof static_tls) abort();
    tls_enter(static_tls);
    __sel4_ipc_buffer = bootinfo ? bootinfo->ipcBuffer : buffer;
    for (constructor *const *at = __init_array_start; at < __init_array_end; at++) (*at)();
    sel4runtime_exit(main(1, argv));
}
