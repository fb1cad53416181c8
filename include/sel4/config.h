/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel that a program is compiled for.
 * Generated from kernel_config_default by `make headers`. */
/* clang-format off */
#ifndef SEL4_CONFIG_H
#define SEL4_CONFIG_H

/* Defined on the compiler's command line or not at all: CONFIG_KERNEL_MCS,
 * CONFIG_HARDWARE_DEBUG_API. */
#define CONFIG_ARCH_X86_64 1
#define CONFIG_ARCH_X86 1
#define CONFIG_WORD_SIZE 64
#define CONFIG_PLAT_PC99 1
#define CONFIG_SYSCALL 1
#define CONFIG_HAVE_FPU 1
#define CONFIG_HUGE_PAGE 1
#define CONFIG_MAX_NUM_NODES 1
#define CONFIG_LIB_SEL4_USE_THREAD_LOCALS 1
#define CONFIG_DEBUG_BUILD 1
#define CONFIG_PRINTING 1
#define CONFIG_SET_TLS_BASE_SELF 1
#define CONFIG_NUM_PRIORITIES 256
#define CONFIG_NUM_DOMAINS 1
#define CONFIG_ROOT_CNODE_SIZE_BITS 13
#define CONFIG_RETYPE_FAN_OUT_LIMIT 256
#define CONFIG_MAX_NUM_BOOTINFO_UNTYPED_CAPS 230
#ifndef CONFIG_KERNEL_MCS
#define CONFIG_TIME_SLICE 5
#define CONFIG_TIMER_TICK_MS 2
#endif

#endif
/* clang-format on */
