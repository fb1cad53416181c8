/* SPDX-License-Identifier: BSD-2-Clause */
/* What a key is called between terminal, command line and key table. */
#ifndef FAULTLINE_SCREEN_KEY_H
#define FAULTLINE_SCREEN_KEY_H

/* Code points, and these. */
enum key {
    KEY_ENTER_ = '\n',
    KEY_TAB_ = '\t',
    KEY_ESC_ = 27,
    KEY_NONE_ = 0x110000,
    KEY_UP_,
    KEY_DOWN_,
    KEY_LEFT_,
    KEY_RIGHT_,
    KEY_HOME_,
    KEY_END_,
    KEY_PAGE_UP_,
    KEY_PAGE_DOWN_,
    KEY_BACKSPACE_,
    KEY_DELETE_,
    KEY_BACKTAB_,
    KEY_F1_,
    KEY_F12_ = KEY_F1_ + 11,
};
#define KEY_CTRL(c) ((c)&31)

#endif
