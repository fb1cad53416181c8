/* SPDX-License-Identifier: BSD-2-Clause */
/* `faultline --help`. */
#include <stdio.h>

#include "front/front.h"

void help_print(void)
{
    puts("faultline: seL4 faults, capabilities and IPC on a simulated x86-64\n"
         "\n"
         "  faultline                          the prompt; from a pipe: a script\n"
         "  faultline lesson                   the lessons, and what you have done of them\n"
         "  faultline lesson N | next          one of them; the first that is not done\n"
         "  faultline lesson N --again         goes on where you left it\n"
         "  faultline lesson N --watch         compiles and tries your program on saving\n"
         "  faultline lesson check [DIR…]      whether lessons keep to their format\n"
         "  faultline lesson new NAME          a lesson of your own to begin with\n"
         "  faultline lesson print 1-8 [--answers]     exercise sheets, in Markdown\n"
         "  faultline lesson export|import FILE your progress, to carry it elsewhere\n"
         "  faultline quiz [--seed N]          questions without end (--help says more)\n"
         "  faultline grade LESSON FILE…       what students have done (--help says more)\n"
         "  faultline hand-in 1-8 -o FILE      what you have done, in one file\n"
         "  faultline run FILE [--max-steps N] a script; expect makes it a test\n"
         "  faultline replay FILE [--verify]   a recording again, checked (--help: more)\n"
         "  faultline report -o FILE           what a bug report wants to hold\n"
         "  faultline boot PROG.elf            a root task of your own, as fast as it goes\n"
         "  faultline boot PROG.elf --prompt | --screen    sitting at its machine\n"
         "  faultline cc [OPTIONS] FILES -o PROG.elf   compile a program for it\n"
         "  faultline --print-commands         docs/commands.md; --print-events\n"
         "  faultline --help, --version\n"
         "\n"
         "Options: --max-steps N   stop after N steps (exit 4)\n"
         "         --variant TEXT  the numbers of a lesson as this student gets them\n"
         "         --lang LANG     a lesson in this language, if it is translated: de\n"
         "         --kernel NAME   nonmcs (default), or debug: the hardware debug API, too\n"
         "         --domains N     a kernel with so many scheduling domains, 1 to 16\n"
         "         --memory SIZE   of the machine: 64M, 512M for boot\n"
         "         --history N     MiB of memory for going back (256); less is slower\n"
         "         --events=FILE   write every event of the machine there, as JSON Lines\n"
         "         --record FILE   the session's recording goes there; --no-record\n"
         "         --color=WHEN    auto (the default), always, never; NO_COLOR is heard\n"
         "         --plain         for screen readers: a name and a value a line\n"
         "         --screen        threads, queues, the message as a picture (`q`: prompt)\n"
         "         --keys FILE --dump-screen [--size 80x24] [--ascii]\n"
         "                         keys in, the screen as text out (=svg: a picture)\n"
         "\n"
         "Exit: 0 well, 1 a check failed, 2 usage, 3 a script is wrong, 4 a limit,\n"
         "      130 interrupted.");
}
