/* SPDX-License-Identifier: BSD-2-Clause */
/* `faultline boot` as a person or a script meets it: output, exit status, what is said at the end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <elf.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "world/boot.h"

/* System calls without MCS. */
#define PUT_CHAR(c) 0xbf, (c), 0, 0, 0, 0x48, 0xc7, 0xc2, 0xf7, 0xff, 0xff, 0xff, 0x0f, 0x05
#define HALT        0x48, 0xc7, 0xc2, 0xf5, 0xff, 0xff, 0xff, 0x0f, 0x05
#define YIELD       0x48, 0xc7, 0xc2, 0xf9, 0xff, 0xff, 0xff, 0x0f, 0x05
#define UD2         0x0f, 0x0b
#define LOOP        0xeb, 0xfe

static char program_path[] = "/tmp/boot_test_elf_XXXXXX", out_path[] = "/tmp/boot_test_out_XXXXXX",
            err_path[] = "/tmp/boot_test_err_XXXXXX";
static char out[4096], err[4096];

static int make_files(void **state)
{
    (void)state;
    int a = mkstemp(program_path), b = mkstemp(out_path), c = mkstemp(err_path);
    return a < 0 || b < 0 || c < 0 || close(a) || close(b) || close(c) ? -1 : 0;
}

static int remove_files(void **state)
{
    (void)state;
    return remove(program_path) || remove(out_path) || remove(err_path) ? -1 : 0;
}

static void write_large_program(const uint8_t *code, size_t length, uint64_t memory)
{
    struct {
        Elf64_Ehdr h;
        Elf64_Phdr segment;
        uint8_t code[256];
    } e = { .h = { .e_ident = { 0x7f, 'E', 'L', 'F', ELFCLASS64, ELFDATA2LSB, EV_CURRENT },
                   .e_type = ET_EXEC,
                   .e_machine = EM_X86_64,
                   .e_version = EV_CURRENT,
                   .e_entry = 0x400000,
                   .e_phoff = sizeof(Elf64_Ehdr),
                   .e_phentsize = sizeof(Elf64_Phdr),
                   .e_phnum = 1 },
            .segment = { .p_type = PT_LOAD,
                         .p_offset = sizeof(Elf64_Ehdr) + sizeof(Elf64_Phdr),
                         .p_vaddr = 0x400000,
                         .p_filesz = 256,
                         .p_memsz = memory } };
    memcpy(e.code, code, length);
    FILE *f = fopen(program_path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(&e, sizeof e, 1, f), 1);
    fclose(f);
}

static void write_program(const uint8_t *code, size_t length)
{
    write_large_program(code, length, 0x2000);
}

static int redirect(int fd, const char *path)
{
    int saved = dup(fd), file = open(path, O_RDWR | O_TRUNC);
    assert_true(saved >= 0 && file >= 0);
    dup2(file, fd);
    close(file);
    return saved;
}

static void read_back(const char *path, char *text)
{
    FILE *f = fopen(path, "rb");
    text[fread(text, 1, 4095, f)] = '\0';
    fclose(f);
}

/* Runs `faultline boot PROGRAM …` and keeps what it printed. */
static int boot(const char *first, const char *second)
{
    char *argv[] = { (char[]){ "boot" }, program_path, strdup(first ? first : ""),
                     strdup(second ? second : ""), NULL };
    fflush(stdout);
    int saved_out = redirect(STDOUT_FILENO, out_path),
        saved_err = redirect(STDERR_FILENO, err_path);
    int status = boot_main(2 + !!first + !!second, argv, NULL);
    fflush(stdout);
    dup2(saved_out, STDOUT_FILENO);
    dup2(saved_err, STDERR_FILENO);
    close(saved_out);
    close(saved_err);
    read_back(out_path, out);
    read_back(err_path, err);
    free(argv[2]);
    free(argv[3]);
    return status;
}

#define PROGRAM(...)                                                                               \
    write_program((const uint8_t[]){ __VA_ARGS__ }, sizeof((const uint8_t[]){ __VA_ARGS__ }))

static void what_the_guest_prints_is_standard_output(void **state)
{
    (void)state;
    PROGRAM(PUT_CHAR('h'), PUT_CHAR('i'), HALT);
    assert_int_equal(boot(NULL, NULL), 0);
    assert_non_null(strstr(out, "hi"));
    assert_non_null(strstr(err, "halted"));
}

static void until_ends_the_run_once_the_text_is_printed(void **state)
{
    (void)state;
    PROGRAM(PUT_CHAR('a'), PUT_CHAR('a'), PUT_CHAR('b'), PUT_CHAR('c'), LOOP);
    assert_int_equal(boot("--until", "ab"), 0);
    assert_string_equal(out, "aab");
}

static void until_that_never_comes_is_a_failed_check(void **state)
{
    (void)state;
    PROGRAM(PUT_CHAR('a'), HALT);
    assert_int_equal(boot("--until=zebra", NULL), 1);
    assert_non_null(strstr(err, "\"zebra\" was not printed"));
}

static void a_limit_on_steps_is_status_4(void **state)
{
    (void)state;
    PROGRAM(PUT_CHAR('a'), LOOP);
    assert_int_equal(boot("--max-steps", "1000"), 4);
    assert_string_equal(out, "a");
    assert_non_null(strstr(err, "1000 steps"));
    PROGRAM(YIELD, 0xeb, 0xf5);
    assert_int_equal(boot("--max-steps=1000", NULL), 4);
}

static void a_root_task_that_faults_ends_the_run_with_its_state(void **state)
{
    (void)state;
    PROGRAM(PUT_CHAR('x'), UD2);
    assert_int_equal(boot(NULL, NULL), 0);
    assert_non_null(strstr(out, "user exception 0x6 code 0"));
    assert_non_null(strstr(out, "\"rootserver\" at address 0x40000e"));
    assert_non_null(strstr(err, "no thread can run any more"));
    assert_non_null(strstr(err, "rootserver: inactive"));
}

static void wrong_options_are_usage(void **state)
{
    (void)state;
    PROGRAM(HALT);
    assert_int_equal(boot("--max-steps", "many"), 2);
    assert_int_equal(boot("--max-steps", "-1"), 2);
    assert_int_equal(boot("--until", NULL), 2);
    assert_int_equal(boot("--memory", "12Q"), 2);
    assert_int_equal(boot("--memory", "99999999999999G"), 2);
    assert_int_equal(boot("--frobnicate", NULL), 2);
    assert_int_equal(boot("second.elf", NULL), 2);
    assert_int_equal(boot("--kernel=vms", NULL), 2);
    assert_non_null(strstr(err, "nonmcs"));
}

static void memory_too_small_or_absurd_is_a_problem(void **state)
{
    (void)state;
    PROGRAM(HALT);
    static const char *const sizes[] = { "1", "4K", "8M", "10M", "1000000G" };
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        assert_int_equal(boot("--memory", sizes[i]), 2);
        assert_non_null(strstr(err, "tip: "));
    }
    assert_int_equal(boot("--memory", "16M"), 0);
}

static void a_program_larger_than_memory_is_a_problem(void **state)
{
    static const uint8_t halt[] = { HALT };
    (void)state;
    write_large_program(halt, sizeof halt, 24 << 20);
    assert_int_equal(boot("--memory", "32M"), 2);
    assert_non_null(strstr(err, "does not fit into 32768 KiB of memory"));
    assert_non_null(strstr(err, "tip: give it more"));
    assert_int_equal(boot("--memory", "64M"), 0);
    write_large_program(halt, sizeof halt, UINT64_C(1) << 46);
    assert_int_equal(boot("--memory", "64M"), 2);
    assert_non_null(strstr(err, "tip: "));
}

static void a_file_that_is_cut_or_no_program_is_a_problem(void **state)
{
    (void)state;
    PROGRAM(HALT);
    assert_int_equal(truncate(program_path, 100), 0);
    assert_int_equal(boot(NULL, NULL), 2);
    assert_non_null(strstr(err, "tip: "));
    assert_int_equal(truncate(program_path, 0), 0);
    assert_int_equal(boot(NULL, NULL), 2);
    assert_non_null(strstr(err, "is empty"));
}

static void as_many_domains_as_were_asked_for_are_there(void **state)
{
    (void)state;
    PROGRAM(HALT);
    assert_int_equal(boot("--domains", "16"), 0);
    assert_int_equal(boot("--domains", "17"), 2);
    assert_non_null(strstr(err, "1 to 16"));
    assert_int_equal(boot("--domains", "0"), 2);
}

/* mov edi, [rdi + its place in bootinfo]; add edi, '0'; DebugPutChar */
#define PUT_ROOT_CNODE_BITS                                                                        \
    0x8b, 0xbf, 0x88, 0, 0, 0, 0x83, 0xc7, '0', 0x48, 0xc7, 0xc2, 0xf7, 0xff, 0xff, 0xff, 0x0f, 0x05

static void the_root_cnode_is_as_large_as_was_asked_for(void **state)
{
    (void)state;
    PROGRAM(PUT_ROOT_CNODE_BITS, HALT);
    assert_int_equal(boot(NULL, NULL), 0);
    assert_int_equal(out[0], 0x30 + 13);
    assert_int_equal(boot("--root-cnode-bits", "16"), 0);
    assert_int_equal(out[0], 0x30 + 16);
    assert_int_equal(boot("--root-cnode-bits=27", NULL), 2);
    assert_non_null(strstr(err, "7 to 26"));
    assert_int_equal(boot("--root-cnode-bits=26", NULL), 2); /* 2 GiB of slots */
    assert_non_null(strstr(err, "memory"));
}

static void every_kernel_boots(void **state)
{
    (void)state;
    PROGRAM(LOOP);
    static const char *const kernels[] = { "nonmcs", "mcs", "debug", "mcs-debug" };
    for (size_t i = 0; i < 4; i++) {
        char option[32];
        snprintf(option, sizeof option, "--kernel=%s", kernels[i]);
        assert_int_equal(boot(option, "--max-steps=100000"), 4);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_the_guest_prints_is_standard_output),
        cmocka_unit_test(until_ends_the_run_once_the_text_is_printed),
        cmocka_unit_test(until_that_never_comes_is_a_failed_check),
        cmocka_unit_test(a_limit_on_steps_is_status_4),
        cmocka_unit_test(a_root_task_that_faults_ends_the_run_with_its_state),
        cmocka_unit_test(wrong_options_are_usage),
        cmocka_unit_test(memory_too_small_or_absurd_is_a_problem),
        cmocka_unit_test(a_program_larger_than_memory_is_a_problem),
        cmocka_unit_test(a_file_that_is_cut_or_no_program_is_a_problem),
        cmocka_unit_test(as_many_domains_as_were_asked_for_are_there),
        cmocka_unit_test(the_root_cnode_is_as_large_as_was_asked_for),
        cmocka_unit_test(every_kernel_boots),
    };
    return cmocka_run_group_tests(tests, make_files, remove_files);
}
