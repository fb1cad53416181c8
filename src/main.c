/* SPDX-License-Identifier: BSD-2-Clause */
/* The program's entry: options, and which face of the machine a person gets. */
#include <stdio.h>
#include <string.h>

#include "world/boot.h"
#include "world/compile.h"

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "--version") == 0) {
        puts("faultline " FAULTLINE_VERSION);
        return 0;
    }
    if (argc > 1 && strcmp(argv[1], "cc") == 0) return compile_main(argc - 1, argv + 1);
    if (argc > 1 && strcmp(argv[1], "boot") == 0) return boot_main(argc - 1, argv + 1);
    fputs("faultline: usage: faultline [--version]\n", stderr);
    return 2;
}
