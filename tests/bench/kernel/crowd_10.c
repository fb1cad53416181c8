/* SPDX-License-Identifier: BSD-2-Clause */
#define CROWD 10
#include "crowd.h"
