/* SPDX-License-Identifier: BSD-2-Clause */
/* A program that reads a device of old: one byte after the other from I/O port 0x60, until a 0 comes. It
 * has no right to any port, so each `in` is a user exception. */
#include <stdio.h>

#include "protocol.h"

static unsigned char port_read(unsigned short port)
{
    unsigned char value = 0x5a;
    __asm__ volatile("inb %1, %0" : "+a"(value) : "d"(port));
    return value;
}

int main(void)
{
    char text[16];
    unsigned length = 0;
    do text[length] = (char)port_read(KEYBOARD_PORT);
    while (text[length] && ++length < sizeof text - 1);
    text[length] = '\0';
    printf("program: the keyboard says '%s'\n", text);
    return 0;
}
