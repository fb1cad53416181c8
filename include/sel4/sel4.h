/* SPDX-License-Identifier: BSD-2-Clause */
/* What a program for the simulated seL4 includes: names, numbers and ABI of libsel4 for x86_64, in
 * our own text. Which kernel: CONFIG_KERNEL_MCS and CONFIG_HARDWARE_DEBUG_API, which
 * `faultline cc --kernel=…` defines. Headers that say so in their first lines are generated from
 * the kernel model's own tables. */
#ifndef SEL4_SEL4_H
#define SEL4_SEL4_H

#include <sel4/config.h>
#include <sel4/simple_types.h>
#include <sel4/constants.h>
#include <sel4/errors.h>
#include <sel4/objecttype.h>
#include <sel4/types.h>
#include <sel4/syscall.h>
#include <sel4/functions.h>
#include <sel4/syscalls.h>
#include <sel4/invocation.h>
#include <sel4/interfaces.h>
#include <sel4/faults.h>
#include <sel4/bootinfo.h>

#endif
