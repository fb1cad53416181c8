/* SPDX-License-Identifier: BSD-2-Clause */
/* Put before every source file by `faultline cc`: gives assembly its own name in the symbol table,
 * which else would get that of a temporary file, another one at each run. */
#ifdef __ASSEMBLER__
    .file __BASE_FILE__
#endif
