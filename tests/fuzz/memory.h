/* Files that are only in memory: some microseconds less for an input than with files of the system. For
 * readers that use no library of their own to open them. */
#ifndef FIXLAND_FUZZ_MEMORY_H
#define FIXLAND_FUZZ_MEMORY_H

#include <stddef.h>
#include <stdint.h>

/* The name of a file with these bytes; the same one each time. */
const char *fuzz_memory(const uint8_t *bytes, size_t length);

/* A second one. */
const char *fuzz_memory_other(const uint8_t *bytes, size_t length);

/* While it is set, signals are not asked to be handled, and standard descriptors are found open, without a call of
 * the system: such calls are most of what a short command costs. */
extern int fuzz_calm;

#endif
