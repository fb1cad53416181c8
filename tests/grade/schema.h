/* SPDX-License-Identifier: BSD-2-Clause */
/* A checker for JSON Schema, as much of it as our schemas use; any other word in a schema is a mistake. */
#ifndef FAULTLINE_TESTS_GRADE_SCHEMA_H
#define FAULTLINE_TESTS_GRADE_SCHEMA_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

/* Whether a value is as the schema says; if not, `why` says where and how it is not. */
bool schema_holds(const cJSON *schema, const cJSON *value, char *why, size_t size);

#endif
