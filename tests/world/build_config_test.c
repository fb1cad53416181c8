/* SPDX-License-Identifier: BSD-2-Clause */
/* What upstream's build writes down beside an image, and what it may look like. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "world/build_config.h"
#include "place.h"

static char folder[PLACE_SIZE], image[128], file[128];

static int make_build(void **state)
{
    static const char *const inside[] = { "images", "kernel", "kernel/gen_config",
                                          "kernel/gen_config/kernel" };
    (void)state;
    if (place_make(folder, "build") != 0) return -1;
    for (size_t i = 0; i < 4; i++) {
        snprintf(file, sizeof file, "%s/%s", folder, inside[i]);
        if (mkdir(file, 0700) != 0) return -1;
    }
    snprintf(image, sizeof image, "%s/images/some-image-x86_64-pc99", folder);
    snprintf(file, sizeof file, "%s/kernel/gen_config/kernel/gen_config.h", folder);
    return 0;
}

static int remove_build(void **state)
{
    (void)state;
    return place_remove(folder);
}

/* What a build with this text says. */
static struct kernel_config read_text(const char *text, struct build_config *b)
{
    struct kernel_config config = kernel_config_default;
    FILE *out = fopen(file, "w");
    assert_non_null(out);
    fputs(text, out);
    fclose(out);
    assert_true(build_config_read(image, &config, b));
    return config;
}

#define USUAL                                                                                      \
    "#pragma once\n#define CONFIG_NUM_DOMAINS  1\n#define CONFIG_DEBUG_BUILD  1\n"                 \
    "#define CONFIG_PRINTING  1\n#define CONFIG_TIME_SLICE  5\n"                                   \
    "/* disabled: CONFIG_KERNEL_MCS */\n"

static void what_the_build_has_otherwise_is_taken_and_named(void **state)
{
    (void)state;
    struct build_config b;
    struct kernel_config c = read_text(USUAL "#define CONFIG_ROOT_CNODE_SIZE_BITS  16\n"
                                             "#define CONFIG_HARDWARE_DEBUG_API  1\n",
                                       &b);
    assert_int_equal(c.root_cnode_bits, 16);
    assert_int_equal(c.hardware_debug_api, 1);
    assert_string_equal(b.taken, "ROOT_CNODE_SIZE_BITS 16, HARDWARE_DEBUG_API 1");
    assert_string_equal(b.left, "");
}

static void what_is_not_modelled_or_absurd_is_left_and_named(void **state)
{
    (void)state;
    struct build_config b;
    struct kernel_config c =
        read_text("#define CONFIG_NUM_DOMAINS 17\n#define CONFIG_DEBUG_BUILD 1\n"
                  "#define CONFIG_PRINTING 1\n#define CONFIG_TIME_SLICE 9\n"
                  "#define CONFIG_ROOT_CNODE_SIZE_BITS 300\n"
                  "#define CONFIG_KERNEL_MCS 1\n",
                  &b);
    assert_memory_equal(&c, &kernel_config_default, sizeof c);
    assert_string_equal(b.taken, "");
    assert_string_equal(b.left, "ROOT_CNODE_SIZE_BITS 300, NUM_DOMAINS 17, KERNEL_MCS 1, "
                                "TIME_SLICE 9");
}

static void an_image_elsewhere_has_no_build(void **state)
{
    (void)state;
    struct build_config b;
    struct kernel_config c = kernel_config_default;
    assert_false(build_config_read("/nowhere/images/image", &c, &b));
    assert_memory_equal(&c, &kernel_config_default, sizeof c);
    assert_string_equal(b.path, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_the_build_has_otherwise_is_taken_and_named),
        cmocka_unit_test(what_is_not_modelled_or_absurd_is_left_and_named),
        cmocka_unit_test(an_image_elsewhere_has_no_build),
    };
    return cmocka_run_group_tests(tests, make_build, remove_build);
}
