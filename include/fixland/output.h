/* Files that are whole or not there at all.
 *
 * A file is written under a temporary name in the same directory (NAME.tmp-PID-RANDOM, which only a
 * kill or a power cut can leave behind), flushed, fsynced and renamed; the directory is fsynced
 * too. An existing output is refused unless `force`; then it is replaced at once and its
 * permissions are kept. A symbolic link is followed: the file it points to is replaced. Failures
 * are FL_EIO with the name and the reason of the system, FL_EEXIST for an existing output. */
#ifndef FIXLAND_OUTPUT_H
#define FIXLAND_OUTPUT_H

#include <stdbool.h>
#include <stdio.h>

#include "fixland/status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct fl_output {
    FILE *stream;    /* write here; NULL when only the name is wanted (libraries that open files) */
    char *path;      /* final name; NULL for standard output */
    char *temporary; /* name written to until commit; NULL when written in place */
    bool force;
} fl_output;

/* FL_EEXIST when `path` exists and not `force`; FL_EIO when the directory cannot be written or is
 * missing. Also called early by tools, so that a long run does not end in a refused output. */
fl_status fl_output_allowed(const char *path, bool force);

/* Opens `path` for writing; NULL, "-" and "/dev/stdout" mean standard output, which commit flushes
 * and checks. Devices such as /dev/full and pipes are written in place (never renamed over), so are
 * descriptors that are open already (/dev/stderr, /dev/fd/3). FL_EEXIST, FL_EIO as
 * fl_output_allowed; FL_ENOMEM. */
fl_status fl_output_open(fl_output *output, const char *path, bool force);

/* As fl_output_open, but leaves the writing of `output->temporary`, which exists and is empty, to
 * the caller (HDF5, gnuplot). FL_EINVAL unless `path` names a regular file or nothing. */
fl_status fl_output_reserve(fl_output *output, const char *path, bool force);

/* Flushes, checks and fsyncs what was written so far through `stream`; FL_EIO. */
fl_status fl_output_flush(fl_output *output);

/* Flushes, checks, fsyncs, closes and renames. On failure the temporary file is removed. Without
 * `force` an output that appeared meanwhile is still refused (link(2) semantics, no race). The
 * struct is zeroed in any case. FL_EIO, FL_EEXIST. */
fl_status fl_output_commit(fl_output *output);

/* Closes and removes the temporary file; nothing is left. Safe on a zeroed struct and after
 * commit. */
void fl_output_discard(fl_output *output);

#ifdef __cplusplus
}
#endif
#endif
