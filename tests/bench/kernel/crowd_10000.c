/* SPDX-License-Identifier: BSD-2-Clause */
#define CROWD 10000
#include "crowd.h"
