/* The bytes of a file that may be compressed by gzip, one after another. */
#ifndef FIXLAND_IO_PACKED_H
#define FIXLAND_IO_PACKED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <zlib.h>

#include "fixland/status.h"

typedef struct fl_packed {
    FILE *stream;
    const char *path; /* the caller's */
    bool gzip;        /* told by the first two bytes */
    bool ended;       /* no more bytes */
    size_t members;   /* of gzip, that have ended */
    z_stream z;
    unsigned char input[1 << 16];
} fl_packed;

/* FL_EIO; a directory is refused. Close after success only. */
fl_status fl_packed_open(fl_packed *packed, const char *path);
void fl_packed_close(fl_packed *packed);

/* Reads `wanted` bytes, fewer only at the end of the file. FL_EIO, FL_EFORMAT for compressed data
 * that are damaged, cut off or followed by something else than another gzip member. */
fl_status fl_packed_read(fl_packed *packed, void *bytes, size_t wanted, size_t *got);

/* No more bytes than this can come out, where the size of the file is known, else SIZE_MAX. */
size_t fl_packed_most(const fl_packed *packed);

#endif
