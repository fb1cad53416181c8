/* SPDX-License-Identifier: BSD-2-Clause */
/* Wrong: it receives again without having put the right to answer away. The second Recv deletes it, and
 * the first client waits for ever; the send goes to an empty slot, where nobody hears of it. */
#define FORGETS_TO_SAVE
#include "desk.c"
