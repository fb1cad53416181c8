/* SPDX-License-Identifier: BSD-2-Clause */
/* `faultline lesson new NAME`: a small lesson that passes its check, to be changed piece by piece. */
#include "course/skeleton.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

enum { PATH_SIZE = 1024 };

/* clang-format off */
static const struct {
    const char *name, *text;
} files[] = {
    { "lesson.md",
      "# A title of your own\n"
      "minutes 5    needs compiler no    vary BADGE 0x10..0xff default 0x42\n"
      "## Who sends?\n"
      "A page has at most 12 lines of 78 columns, and then there is something to\n"
      "do. Lines that are indented by four blanks are what one types. client has no\n"
      "endpoint yet. Give it one with a badge, wait as server, and send as client:\n"
      "    mint ep client_cspace/ep badge {BADGE}\n"
      "    as server\n"
      "    recv ep\n"
      "    as client\n"
      "    send ep words 7\n"
      "```question says weight 1 before arrived\n"
      "ask   What will tell server who sent it?\n"
      "noted Send it, and look at `message` as server.\n"
      "choice name -> Nobody's name comes with a message: server learns the badge, and no more.\n"
      "choice badge * -> The badge of the sender's capability: server chose it, or somebody it trusts.\n"
      "```\n"
      "```goal arrived weight 2\n"
      "say   client's message reaches server with badge {BADGE}\n"
      "once  ipc thread client receiver server badge BADGE\n"
      "if    once ipc thread client receiver rootserver -> rootserver took it: in whose seat was `recv` typed? `undo`, then `as server`.\n"
      "if    client.state == \"blocked on send\" -> Nobody waits at ep: `as server`, `recv ep`.\n"
      "if    once ipc thread client receiver server -> It arrived with another badge than {BADGE}: `undo`, and mint with that one.\n"
      "hint  Where does client have a capability to ep? Look with `caps client_cspace`.\n"
      "hint  `mint ep client_cspace/ep badge {BADGE}`: what, where to, badge.\n"
      "hint  Then `as server`, `recv ep`, `as client`, `send ep words 7`.\n"
      "```\n" },
    { "setup.fl",
      "# What the lesson starts with. Nobody sees these commands; they cannot be undone.\n"
      "new endpoint ep\n"
      "new thread client\n"
      "new thread server\n"
      "copy ep server_cspace/ep\n"
      "name client_cspace/9 ep\n" },
    { "solution.fl",
      "# Reaches all goals, whatever the student's numbers are.\n"
      "mint ep client_cspace/ep badge BADGE\n"
      "as server\n"
      "recv ep\n"
      "answer badge\n"
      "as client\n"
      "send ep words 7\n"
      "expect 1 times ipc thread client receiver server badge BADGE\n" },
    { "wrong/rootserver-receives.fl",
      "# fails arrived: rootserver took it\n"
      "mint ep client_cspace/ep badge BADGE\n"
      "recv ep\n"
      "as client\n"
      "send ep words 7\n" },
    { "wrong/nobody-receives.fl",
      "# fails arrived: Nobody waits at ep\n"
      "mint ep client_cspace/ep badge BADGE\n"
      "as client\n"
      "send ep words 7\n" },
    { "wrong/other-badge.fl",
      "# fails arrived: It arrived with another badge\n"
      "mint ep client_cspace/ep badge BADGE+1\n"
      "as server\n"
      "recv ep\n"
      "as client\n"
      "send ep words 7\n" },
};
/* clang-format on */

static bool make_folder(const char *path, struct problem *p)
{
    return mkdir(path, 0777) == 0 ||
           problem_set(p, "the name of a folder that is not there yet: " LESSON_NAME_EXAMPLE,
                       "%.150s: %s", path, strerror(errno));
}

static bool write_file(const char *folder, const char *name, const char *text, struct problem *p)
{
    char path[PATH_SIZE];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "wx");
    bool written = file && fputs(text, file) >= 0;
    if (file && fclose(file) != 0) written = false;
    return written || problem_set(p, "", "%.150s: %s", path, strerror(errno));
}

bool lesson_new(const char *folder, struct problem *p)
{
    char wrong[PATH_SIZE];
    if (strlen(folder) > PATH_SIZE - 64) return problem_set(p, "", "that name is too long");
    if (!lesson_is_named_well(folder))
        return problem_set(p, "such as " LESSON_NAME_EXAMPLE, LESSON_NAME_RULE);
    snprintf(wrong, sizeof wrong, "%s/wrong", folder);
    if (!make_folder(folder, p) || !make_folder(wrong, p)) return false;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        if (!write_file(folder, files[i].name, files[i].text, p)) return false;
    return true;
}
