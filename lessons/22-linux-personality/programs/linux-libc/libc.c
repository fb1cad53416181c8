/* SPDX-License-Identifier: BSD-2-Clause */
/* Hello for Linux with its C library: printf, a small and a large piece of heap, who and where. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    struct utsname name;
    uname(&name);
    printf("%s: %d argument, process %d of %s %s on %s\n", argv[0], argc, (int)getpid(),
           name.sysname, name.release, name.nodename);
    char *small = malloc(100), *large = malloc(3 << 20);
    if (!small || !large) return 1;
    memset(large, 'x', 3 << 20);
    snprintf(small, 100, "%.3f and the last of 3 MiB: %c", 355.0 / 113, large[(3 << 20) - 1]);
    puts(small);
    free(large);
    return 9;
}
