/* SPDX-License-Identifier: BSD-2-Clause */
#define CROWD 1000
#include "crowd.h"
