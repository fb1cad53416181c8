/* SPDX-License-Identifier: BSD-2-Clause */
/* The name that some programs include. */
#include <sel4/bootinfo.h>
