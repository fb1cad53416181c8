/* SPDX-License-Identifier: BSD-2-Clause */
/* Two machines side by side. */
#ifndef FAULTLINE_VIEW_DIFFERENCE_H
#define FAULTLINE_VIEW_DIFFERENCE_H

#include "view/view.h"

/* In what they differ: a line each, `ONE | OTHER`, at most `lines`. Names are those that either gives. */
void view_difference(const struct view *v, const struct world *a, const struct world *b,
                     unsigned lines);

#endif
