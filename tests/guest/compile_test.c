/* SPDX-License-Identifier: BSD-2-Clause */
/* `faultline cc` with the host's compiler: what comes out, and what it says when nothing does. */
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

#include "world/compile.h"
#include "world/kernels.h"

#define SOURCE  FAULTLINE_BUILD "/tests/guest/program.c"
#define PROGRAM FAULTLINE_BUILD "/tests/guest/program.elf"
#define SAID    FAULTLINE_BUILD "/tests/guest/said.txt"

static void write_source(const char *text)
{
    FILE *f = fopen(SOURCE, "w");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
}

/* Runs `faultline cc` with up to six words; what it says goes into the file SAID. */
static int cc(const char *a, const char *b, const char *c, const char *d, const char *e)
{
    const char *words[] = { "cc", a, b, c, d, e, NULL };
    char *argv[8] = { NULL };
    int argc = 0;
    for (; words[argc]; argc++) argv[argc] = (char *)(uintptr_t)words[argc];
    int said = open(SAID, O_CREAT | O_TRUNC | O_WRONLY, 0600), saved = dup(2);
    dup2(said, 2);
    int status = compile_main(argc, argv);
    dup2(saved, 2);
    close(said);
    close(saved);
    return status;
}

static char *read_whole(const char *path, size_t *size)
{
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    fseek(f, 0, SEEK_END);
    *size = (size_t)ftell(f);
    rewind(f);
    char *bytes = malloc(*size + 1);
    assert_int_equal(fread(bytes, 1, *size, f), *size);
    bytes[*size] = 0;
    fclose(f);
    return bytes;
}

static void assert_said(const char *text)
{
    size_t size;
    char *said = read_whole(SAID, &size);
    if (!strstr(said, text)) fail_msg("said \"%s\", not \"%s\"", said, text);
    assert_non_null(strstr(said, "\ntip: "));
    free(said);
}

static void compile(const char *option)
{
    write_source("#include <sel4runtime.h>\n#include <stdio.h>\n"
                 "int main(void) { printf(\"%d\\n\", 1); seL4_Yield(); return 0; }\n");
    assert_int_equal(cc(option, SOURCE, "-o", PROGRAM, NULL), 0);
}

static void the_program_is_static_and_lies_in_whole_pages_without_a_gap(void **state)
{
    (void)state;
    size_t size;
    Elf64_Ehdr header;
    compile("-O1");
    char *file = read_whole(PROGRAM, &size);
    memcpy(&header, file, sizeof header);
    assert_int_equal(header.e_type, ET_EXEC);
    assert_int_equal(header.e_machine, EM_X86_64);
    uint64_t next = 0x400000;
    for (size_t i = 0; i < header.e_phnum; i++) {
        Elf64_Phdr segment;
        memcpy(&segment, file + header.e_phoff + i * sizeof segment, sizeof segment);
        assert_int_not_equal(segment.p_type, PT_INTERP);
        if (segment.p_type != PT_LOAD) continue;
        assert_int_equal(segment.p_vaddr, next);
        next = (segment.p_vaddr + segment.p_memsz + 4095) & ~UINT64_C(4095);
    }
    assert_true(next > 0x401000);
    free(file);
}

static void the_same_program_compiled_twice_is_the_same_bytes(void **state)
{
    (void)state;
    size_t first_size, second_size;
    compile("-O2");
    char *first = read_whole(PROGRAM, &first_size);
    compile("-O2");
    char *second = read_whole(PROGRAM, &second_size);
    assert_int_equal(first_size, second_size);
    assert_memory_equal(first, second, first_size);
    free(first);
    free(second);
}

static void the_program_carries_a_note_of_its_kernel(void **state)
{
    (void)state;
    static const char *const names[] = { "nonmcs", "mcs", "debug", "mcs-debug" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char option[32], name[KERNEL_NAME_SIZE];
        struct kernel_config config;
        size_t size;
        snprintf(option, sizeof option, "--kernel=%s", names[i]);
        compile(option);
        char *file = read_whole(PROGRAM, &size);
        assert_true(kernel_note_read(file, size, name));
        assert_string_equal(name, names[i]);
        assert_true(kernel_config_named(name, &config));
        assert_string_equal(kernel_config_name(&config), names[i]);
        free(file);
    }
}

static void a_damaged_file_has_no_note_and_harms_nobody(void **state)
{
    (void)state;
    char name[KERNEL_NAME_SIZE];
    size_t size;
    compile("-O1");
    char *file = read_whole(PROGRAM, &size);
    for (size_t cut = 0; cut < 1024; cut++) {
        char *part = malloc(cut + 1); /* so that a sanitizer sees the end */
        memcpy(part, file, cut);
        (void)kernel_note_read(part, cut, name);
        free(part);
    }
    for (size_t at = 0; at < 1024; at++) {
        file[at] = (char)~file[at];
        (void)kernel_note_read(file, size, name);
        file[at] = (char)~file[at];
    }
    file[0] = 'x';
    assert_false(kernel_note_read(file, size, name));
    free(file);
}

/* mov rbx, rsp; syscall; mov rsp, rbx: the only way in which C code enters the kernel. */
static void every_system_call_keeps_the_stack_pointer_in_rbx(void **state)
{
    (void)state;
    static const char *const levels[] = { "-O0", "-O1", "-O2", "-O3", "-Os" };
    for (size_t level = 0; level < 5; level++) {
        size_t size, calls = 0;
        compile(levels[level]);
        char *file = read_whole(PROGRAM, &size);
        Elf64_Ehdr header;
        Elf64_Phdr text;
        memcpy(&header, file, sizeof header);
        memcpy(&text, file + header.e_phoff, sizeof text);
        for (size_t at = 3; at + 5 < text.p_filesz; at++) {
            if (memcmp(file + at, "\x0f\x05", 2) != 0) continue;
            if (memcmp(file + at + 2, "\x48\x89\xdc", 3) != 0) continue;
            assert_memory_equal(file + at - 3, "\x48\x89\xe3", 3);
            calls++;
        }
        assert_true(calls >= 2);
        free(file);
    }
}

static void an_options_word_may_stand_alone(void **state)
{
    (void)state;
    write_source("#ifndef WORD\n#error without WORD\n#endif\nint main(void) { return WORD; }\n");
    assert_int_equal(cc("-D", "WORD=7", SOURCE, "-o", PROGRAM), 0);
    assert_int_equal(cc("--kernel", "debug", "-DWORD=7", SOURCE, NULL), 0);
    assert_int_equal(unlink("program.elf"), 0);
    assert_int_equal(cc(SOURCE, "-D", NULL, NULL, NULL), 2);
    assert_said("-D is the last word");
}

static void a_wrong_command_line_is_told_with_a_tip(void **state)
{
    (void)state;
    compile("-O1");
    assert_int_equal(cc(NULL, NULL, NULL, NULL, NULL), 2);
    assert_said("no source file was given");
    assert_int_equal(cc("nowhere.c", NULL, NULL, NULL, NULL), 2);
    assert_said("cannot read nowhere.c");
    assert_int_equal(cc("--kernel=hurd", SOURCE, NULL, NULL, NULL), 2);
    assert_said("there is no kernel 'hurd'");
    assert_int_equal(cc("-lm", SOURCE, NULL, NULL, NULL), 2);
    assert_said("option -lm is not known");
    assert_int_equal(cc("notes.txt", NULL, NULL, NULL, NULL), 2);
    assert_said("what is notes.txt?");
    assert_int_equal(cc(SOURCE, "-o", NULL, NULL, NULL), 2);
    assert_said("-o is the last word");
}

static void a_compiler_that_is_not_there_is_told_with_a_tip(void **state)
{
    (void)state;
    compile("-O1");
    char *saved = getenv("CC") ? strdup(getenv("CC")) : NULL;
    setenv("CC", "/nowhere/cc", 1);
    assert_int_equal(cc(SOURCE, "-o", PROGRAM, NULL, NULL), 2);
    assert_said("cannot run '/nowhere/cc'");
    if (saved)
        setenv("CC", saved, 1);
    else
        unsetenv("CC");
    free(saved);
}

static void errors_in_the_source_are_the_compilers_to_tell(void **state)
{
    (void)state;
    write_source("int main(void) { return nothing; }\n");
    assert_int_equal(cc(SOURCE, "-o", PROGRAM, NULL, NULL), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_program_is_static_and_lies_in_whole_pages_without_a_gap),
        cmocka_unit_test(the_same_program_compiled_twice_is_the_same_bytes),
        cmocka_unit_test(the_program_carries_a_note_of_its_kernel),
        cmocka_unit_test(a_damaged_file_has_no_note_and_harms_nobody),
        cmocka_unit_test(every_system_call_keeps_the_stack_pointer_in_rbx),
        cmocka_unit_test(an_options_word_may_stand_alone),
        cmocka_unit_test(a_wrong_command_line_is_told_with_a_tip),
        cmocka_unit_test(a_compiler_that_is_not_there_is_told_with_a_tip),
        cmocka_unit_test(errors_in_the_source_are_the_compilers_to_tell),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
