/* A seal: 32 bytes behind the content of a file of ours that hold its length and checksum.
 *
 *   "fixland seal 1\n", 0, u64 length of the content, u32 CRC-32 of it, u32 CRC-32 of the 28 bytes
 *   before; little-endian
 *
 * HDF5 files end where their first bytes say, so that every program reads a sealed one as before. A
 * program that changes the file (h5py, "r+") drops the seal or leaves one that does not hold. */
#ifndef FIXLAND_IO_SEAL_H
#define FIXLAND_IO_SEAL_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "fixland/status.h"

/* Appends the seal of what stands in the file. Returns 0 or an errno. */
int fl_seal_append(const char *path);

/* *sealed: whether the file has a seal. FL_EFORMAT for a seal that does not hold: the file was
 * damaged, or changed by another program. Files without one (older or of other programs), and pipes,
 * pass. The stream ends at its beginning. */
fl_status fl_seal_check(FILE *stream, const char *path, bool *sealed);

/* Whether what follows the content, from `end` to the file's `size`, is the beginning of a seal. */
bool fl_seal_is_cut(FILE *stream, uint64_t end, uint64_t size);

#endif
