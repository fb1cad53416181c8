/* SPDX-License-Identifier: BSD-2-Clause */
/* The runtime that `faultline cc` links with every program: from the first instruction to main().
 * Names as in seL4's sel4runtime, text and code our own.
 *
 * At entry (_start):
 *   a root task, as the kernel starts it:  RDI = address of the bootinfo, RSP = 0
 *   any other program:                     RDI = 0, RSI = address of its IPC buffer, RSP = its stack
 * The runtime takes a stack of its own when RSP is 0, sets up thread-local storage (FS base, by the
 * SetTLSBase system call), remembers the IPC buffer in __sel4_ipc_buffer, and calls main().
 *
 * When main() returns, sel4runtime_exit() calls the function given to sel4runtime_set_exit().
 * None is given: it calls address 0, and the thread ends in a VM fault there, for lack of anything
 * better to do. That is what the real one does, too. */
#ifndef SEL4RUNTIME_H
#define SEL4RUNTIME_H

#include <sel4/sel4.h>
#include <stddef.h>
#include <stdint.h>

/* NULL when the program is no root task. */
seL4_BootInfo *sel4runtime_bootinfo(void);
const char *sel4runtime_process_name(void);

/* Another thread's thread-local storage: writes an image of it into `memory`, which has
 * sel4runtime_get_tls_size() bytes, and returns what that thread's FS base is to be. 0: no memory. */
size_t sel4runtime_get_tls_size(void);
uintptr_t sel4runtime_write_tls_image(void *memory);
/* The same for the calling thread, and goes over to it. */
uintptr_t sel4runtime_move_initial_tls(void *memory);
int sel4runtime_initial_tls_enabled(void);
uintptr_t sel4runtime_get_tls_base(void);

/* Sets a thread-local variable of the thread whose FS base is `base`. 0: done. */
#define sel4runtime_set_tls_variable(base, variable, value)                                        \
    __extension__({                                                                                \
        __typeof__(variable) sel4runtime_value_ = (value);                                         \
        sel4runtime_write_tls_variable((base), &(variable), &sel4runtime_value_,                   \
                                       sizeof(variable));                                          \
    })
int sel4runtime_write_tls_variable(uintptr_t base, const void *mine, const void *value,
                                   size_t size);

typedef void sel4runtime_exit_cb(int code);
typedef int sel4runtime_pre_exit_cb(int code);
sel4runtime_exit_cb *sel4runtime_set_exit(sel4runtime_exit_cb *callback);
sel4runtime_pre_exit_cb *sel4runtime_set_pre_exit(sel4runtime_pre_exit_cb *callback);
void sel4runtime_exit(int code);

#endif
