/* SPDX-License-Identifier: BSD-2-Clause */
/* The handlers in their careful form: see core.h and execute.h. */
#define CAREFUL 1
#define TABLE   handlers_careful

#include "machine/execute.h"

#define BITS 8
#include "machine/execute_alu.h"
#include "machine/execute_bits.h"
#define BITS 16
#include "machine/execute_alu.h"
#include "machine/execute_bits.h"
#define BITS 32
#include "machine/execute_alu.h"
#include "machine/execute_bits.h"
#define BITS 64
#include "machine/execute_alu.h"
#include "machine/execute_bits.h"

#include "machine/execute_flow.h"
#include "machine/execute_string.h"
#include "machine/execute_system.h"
#include "machine/execute_x87.h"
#include "machine/execute_mmx.h"
#include "machine/execute_table.h"
