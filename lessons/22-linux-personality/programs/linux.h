/* SPDX-License-Identifier: BSD-2-Clause */
/* Linux's side: numbers, errors and structures of x86-64, as its manual pages give them. */
#ifndef LINUX_H
#define LINUX_H

#include <stdint.h>

enum linux_call {
    LINUX_READ = 0,
    LINUX_WRITE = 1,
    LINUX_CLOSE = 3,
    LINUX_FSTAT = 5,
    LINUX_MMAP = 9,
    LINUX_MPROTECT = 10,
    LINUX_MUNMAP = 11,
    LINUX_BRK = 12,
    LINUX_IOCTL = 16,
    LINUX_WRITEV = 20,
    LINUX_GETPID = 39,
    LINUX_EXIT = 60,
    LINUX_UNAME = 63,
    LINUX_ARCH_PRCTL = 158,
    LINUX_SET_TID_ADDRESS = 218,
    LINUX_EXIT_GROUP = 231,
    LINUX_NEWFSTATAT = 262,
    LINUX_READLINKAT = 267,
    LINUX_SET_ROBUST_LIST = 273,
    LINUX_PRLIMIT64 = 302,
    LINUX_GETRANDOM = 318,
    LINUX_RSEQ = 334,
};

enum linux_error {
    LINUX_ENOENT = 2,
    LINUX_EBADF = 9,
    LINUX_ENOMEM = 12,
    LINUX_EFAULT = 14,
    LINUX_EINVAL = 22,
    LINUX_ENOTTY = 25,
    LINUX_ENOSYS = 38,
};

enum { LINUX_ARCH_SET_FS = 0x1002, LINUX_MAP_ANONYMOUS = 0x20, LINUX_MAP_FIXED = 0x10 };

struct linux_utsname {
    char sysname[65], nodename[65], release[65], version[65], machine[65], domainname[65];
};

struct linux_iovec {
    uint64_t base, length;
};

struct linux_stat {
    uint64_t dev, ino, nlink;
    uint32_t mode, uid, gid, pad;
    uint64_t rdev, size, blksize, blocks, times[6], unused[3];
};

#endif
