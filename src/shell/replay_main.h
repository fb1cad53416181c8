/* SPDX-License-Identifier: BSD-2-Clause */
/* `faultline replay FILE` and `faultline report`. argv[0] is that word; the result is an exit status. */
#ifndef FAULTLINE_SHELL_REPLAY_MAIN_H
#define FAULTLINE_SHELL_REPLAY_MAIN_H

int replay_main(int argc, char **argv);
int report_main(int argc, char **argv);

#endif
