/* SPDX-License-Identifier: BSD-2-Clause */
/* Wrong: the badged capability stays in the handler's CSpace. SetSpace does not notice, because it
 * only stores a number. At the fault the kernel looks that number up in the faulter's CSpace, finds
 * the slot empty, prints "Caught cap fault", and the faulter is inactive; the handler waits for ever. */
#define FORGETS_THE_COPY
#include "tutorial.c"
