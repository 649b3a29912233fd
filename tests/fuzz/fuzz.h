/* What the fuzz targets share. A target is one file, fuzz_NAME.c, with a function that feeds bytes to
 * a reader and returns; what it must never do is crash, hang, leak, or break what it promises
 * (fuzz_promise). libFuzzer calls it with inputs that it invents; replay.c with those of a corpus. */
#ifndef FIXLAND_FUZZ_H
#define FIXLAND_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

/* The name of a file of this process with these bytes; the same one each time. */
const char *fuzz_file(const uint8_t *bytes, size_t length);

/* A second such file, which is not there. */
const char *fuzz_other(void);

/* The bytes with a zero behind them; free it. */
char *fuzz_text(const uint8_t *bytes, size_t length);

/* A range of many numbers is allowed, and takes the time of everything else; few are let through: this tells those
 * that are not. */
int fuzz_long_range(const char *text, size_t length);

/* Ends the program, loudly, unless `holds`. */
void fuzz_promise(int holds, const char *what);

#endif
