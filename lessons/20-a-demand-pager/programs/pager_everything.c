/* SPDX-License-Identifier: BSD-2-Clause */
/* Wrong: it mends every fault, wherever it is. */
#define MENDS_EVERYTHING
#include "page_in.h"
