/* SPDX-License-Identifier: BSD-2-Clause */
/* What it costs on the host to be told of a fault and to go on: by a SIGSEGV handler, by ptrace, and
 * by a message to another process and back. */
#define _GNU_SOURCE
#include "bench/bench.h"

#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ROUNDS = 20000, PAGE = 4096 };

static void *page;

static void make_readable(int signal)
{
    (void)signal;
    mprotect(page, PAGE, PROT_READ);
}

static void measure_sigsegv(void)
{
    page = mmap(NULL, PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    struct sigaction handle = { .sa_handler = make_readable }, old;
    if (page == MAP_FAILED || sigaction(SIGSEGV, &handle, &old) != 0) return;
    double start = seconds_now();
    for (int i = 0; i < ROUNDS; i++) {
        (void)*(volatile char *)page;
        mprotect(page, PAGE, PROT_NONE);
    }
    figure("yardstick_sigsegv_round_trip", (seconds_now() - start) / ROUNDS * 1e9, "ns", "");
    sigaction(SIGSEGV, &old, NULL);
    munmap(page, PAGE);
}

static void be_traced(void)
{
    ptrace(PTRACE_TRACEME, 0, NULL, NULL);
    raise(SIGSTOP);
    for (int i = 0; i < ROUNDS; i++) syscall(SYS_getppid);
    _exit(0);
}

static void measure_ptrace(void)
{
    pid_t child = fork();
    if (child == 0) be_traced();
    int status, stops = 0;
    if (child < 0 || waitpid(child, &status, 0) < 0) return;
    double start = seconds_now();
    while (WIFSTOPPED(status)) {
        stops++;
        ptrace(PTRACE_SYSCALL, child, NULL, NULL);
        if (waitpid(child, &status, 0) < 0) return;
    }
    figure("yardstick_ptrace_syscall_stop", (seconds_now() - start) / stops * 1e9, "ns", "");
}

static void answer_all(int fd)
{
    uint64_t word;
    while (read(fd, &word, sizeof word) == (ssize_t)sizeof word)
        if (write(fd, &word, sizeof word) != (ssize_t)sizeof word) break;
    _exit(0);
}

static void measure_socket(void)
{
    int fd[2];
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, fd) != 0) return;
    pid_t child = fork();
    if (child == 0) {
        close(fd[0]);
        answer_all(fd[1]);
    }
    close(fd[1]);
    double start = seconds_now();
    uint64_t word = 0;
    int done = 0;
    while (done < ROUNDS && write(fd[0], &word, sizeof word) == (ssize_t)sizeof word &&
           read(fd[0], &word, sizeof word) == (ssize_t)sizeof word)
        done++;
    double end = seconds_now();
    close(fd[0]);
    waitpid(child, NULL, 0);
    if (done) figure("yardstick_unix_socket_round_trip", (end - start) / done * 1e9, "ns", "");
}

void measure_yardsticks(void)
{
    measure_sigsegv();
    measure_ptrace();
    measure_socket();
}
