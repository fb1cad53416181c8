/* SPDX-License-Identifier: BSD-2-Clause */
/* The debug system calls, and how the kernel ends: on request, by a failed assertion, by a fault of
 * its own, or in a loop that it never leaves.
 * seL4: src/api/syscall.c handleUnknownSyscall, src/assert.c, src/arch/x86/api/faults.c
 * handleKernelException. */
#include <inttypes.h>
#include <string.h>

#include "kernel/capdl.h"

static paddr_t current_thread(const struct world *w)
{
    return kernel_at(w)->current;
}

/* ---- the kernel's end ---- */

static void stop_kernel(struct world *w)
{
    KERNEL_EDIT(w, halted) = 1;
    event_emit(w, EVENT_HALT, current_thread(w));
}

static void halt(struct world *w, word_t number)
{
    kernel_print(w, "halting...");
    if (kernel_config(w)->debug_build)
        kernel_print(w, "\nKernel entry via Unknown syscall, word: %" PRIu64, number);
    stop_kernel(w);
}

/* The kernel has read an address where nothing is. SIMPLIFIED: of what it prints then, its own
 * registers and its stack are left out. */
static void crash(struct world *w, word_t number, word_t address)
{
    kernel_print(w, "\n========== KERNEL EXCEPTION ==========\n");
    kernel_print(w, "Vector:  0x%x\n", (unsigned)VECTOR_PF);
    kernel_print(w, "ErrCode: 0x%x\n", 0U);
    kernel_print(w, "CR2:     0x%" PRIx64 " (page-fault address)\n", address);
    kernel_print(w, "\nHalting...\n");
    halt(w, number);
}

/* ---- DebugNameThread ---- */

static struct cap debug_cap(const struct world *w)
{
    paddr_t thread = current_thread(w);
    struct lookup_failure failure;
    paddr_t slot = lookup_slot(w, thread, tcb_reg(w, thread, CTX_CAP), &failure);
    return slot ? cte_at(w, slot)->cap : cap_new(CAP_NULL);
}

enum {
    NAME_OFFSET = sizeof(word_t), /* of the message in an IPC buffer */
    NAME_MAX_BYTES = MESSAGE_MAX_LENGTH * sizeof(word_t),
};

/* Where the name lies. Without a buffer the kernel does not notice, and looks behind address 0 in the
 * address space of the thread. */
static paddr_t name_at(const struct world *w)
{
    paddr_t buffer = tcb_ipc_buffer(w, current_thread(w), true), at;
    if (buffer) return buffer + NAME_OFFSET;
    bool mapped = kernel_translate(w, current_thread(w), NAME_OFFSET, &at);
    return mapped && memory_holds(w, at, NAME_MAX_BYTES) ? at : 0;
}

static void refuse_name(struct world *w, word_t number, const char *why)
{
    user_error(w, "handleUnknownSyscall", "%s", why);
    halt(w, number);
}

/* Whatever is wrong with the arguments halts the real kernel, too. */
static void debug_name_thread(struct world *w, word_t number)
{
    struct cap cap = debug_cap(w);
    if (cap_type(cap) != CAP_THREAD) {
        refuse_name(w, number, "SysDebugNameThread: cap is not a TCB, halting");
        return;
    }
    paddr_t at = name_at(w);
    if (!at) {
        crash(w, number, NAME_OFFSET);
        return;
    }
    const char *name = (const char *)memory_at(w, at);
    if (strnlen(name, NAME_MAX_BYTES) == NAME_MAX_BYTES) {
        refuse_name(w, number, "SysDebugNameThread: Name too long, halting");
        return;
    }
    char copy[TCB_NAME_SIZE];
    size_t length = strnlen(name, sizeof copy - 1);
    memcpy(copy, name, length);
    copy[length] = 0;
    tcb_set_name(w, cap_object(cap), copy);
}

/* ---- the others ---- */

static void debug_announce(const struct world *w, const char *what)
{
    paddr_t thread = current_thread(w);
    kernel_print(w, "Debug %s syscall from user thread %#" PRIx64 " \"%s\"\n", what,
                 kernel_pointer(thread), tcb_debug_at(w, thread)->name);
}

static void debug_snapshot(struct world *w, word_t number)
{
    debug_announce(w, "snapshot");
    struct capdl_end end = capdl_print(w);
    switch (end.how) {
    case CAPDL_DONE: break;
    case CAPDL_ASSERTION: halt(w, number); break;
    case CAPDL_FAULT: crash(w, number, end.address); break;
    case CAPDL_LOOP: stop_kernel(w); break;
    }
}

bool handle_debug_syscall(struct world *w, enum syscall syscall, word_t number)
{
    paddr_t thread = current_thread(w);
    switch (syscall) {
    case SYS_DebugPutChar:
        event_emit(w, EVENT_CONSOLE, thread, tcb_reg(w, thread, CTX_CAP) & 0xff);
        return true;
    case SYS_DebugDumpScheduler: print_scheduler(w); return true;
    case SYS_DebugHalt:
        debug_announce(w, "halt");
        halt(w, number);
        return true;
    case SYS_DebugSnapshot: debug_snapshot(w, number); return true;
    case SYS_DebugCapIdentify: tcb_set_reg(w, thread, CTX_CAP, cap_type(debug_cap(w))); return true;
    case SYS_DebugNameThread: debug_name_thread(w, number); return true;
    default: return false;
    }
}
