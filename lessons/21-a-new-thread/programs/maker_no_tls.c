/* SPDX-License-Identifier: BSD-2-Clause */
/* Wrong: the worker has no thread-local storage, its FS base is 0. */
#define WITHOUT_TLS
#define WORKER "no_tls"
#include "maker.c"
