/* SPDX-License-Identifier: BSD-2-Clause */
/* A kernel configuration is a value in the world, never an #ifdef: one process
 * holds worlds of different kernels. Names are those of the real kernel's
 * build configuration without CONFIG_. */
#ifndef FAULTLINE_KERNEL_CONFIG_H
#define FAULTLINE_KERNEL_CONFIG_H

#include "machine/arena.h"

/* Which rows of a table a configuration has. A row without a condition is always there. */
enum condition {
    ALWAYS,
    IF_MCS,
    IF_NOT_MCS,
    IF_HARDWARE_DEBUG_API,
    IF_DEBUG_BUILD,
    IF_PRINTING,
    IF_SET_TLS_BASE_SELF,
    NEVER, /* a number that the modelled kernels leave unused */
};

struct kernel_config {
    uint8_t mcs;                /* KERNEL_MCS */
    uint8_t debug_build;        /* DEBUG_BUILD */
    uint8_t printing;           /* PRINTING */
    uint8_t hardware_debug_api; /* HARDWARE_DEBUG_API */
    uint8_t set_tls_base_self;  /* SET_TLS_BASE_SELF */
    uint8_t root_cnode_bits;    /* ROOT_CNODE_SIZE_BITS */
    uint8_t num_domains;        /* NUM_DOMAINS, 1 to 16 */
    uint8_t time_slice;         /* TIME_SLICE, in ticks */
    uint8_t fsgsbase_inst;      /* FSGSBASE_INST: the processor has RDFSBASE and its kin */
    uint8_t reserved[3];
    uint32_t timer_tick_ms; /* TIMER_TICK_MS */
    uint32_t retype_fan_out_limit;
};

/* The recorded kernel without MCS; what everything defaults to. */
extern const struct kernel_config kernel_config_default;

bool config_has(const struct kernel_config *config, enum condition condition);

#endif
