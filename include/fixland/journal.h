/* Checkpoints: an append-only journal of finished tasks.
 *
 * A header with a fingerprint text (all parameters that decide the result), then records (task
 * number, length, payload, checksum), in any order of tasks. Appending is atomic in effect: a
 * record torn by a kill or a power cut is recognised by its checksum and dropped on resume, with
 * all that follows it, and writing continues after the last whole record. A journal is used by one
 * thread at a time. */
#ifndef FIXLAND_JOURNAL_H
#define FIXLAND_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fixland/status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct fl_journal fl_journal;

/* Opens `path`. Not `resume`: starts afresh; an existing journal is FL_EEXIST unless `force`, with
 * the advice to pass --resume or --force. `resume` (whatever `force`): an existing journal must
 * carry the same fingerprint (FL_EMISMATCH names the first line that differs); a missing one is
 * started, and so is one whose header was torn. Anything else in the file is FL_EFORMAT, and the
 * file is left as it is. The file is locked (flock) while open: a second process gets FL_EEXIST;
 * file systems without locks are used without. */
fl_status fl_journal_open(fl_journal **journal, const char *path, const char *fingerprint,
                          bool resume, bool force);

/* Reads the next whole record, in the order written: *payload (owned by the journal, valid until
 * the next call), *length and *task are set, *found false at the end. To be read to the end before
 * the first append. FL_EIO when it cannot be read, FL_EFORMAT, FL_ENOMEM. */
fl_status fl_journal_next(fl_journal *journal, bool *found, uint64_t *task, const void **payload,
                          size_t *length);

/* Appends a record; it survives a kill at any later time, and a power cut after the next fdatasync
 * (at most once a second, here, and in fl_journal_close). FL_EIO, on a full disk for example,
 * leaves the journal as it was before. FL_EINVAL when records are left to be read. */
fl_status fl_journal_append(fl_journal *journal, uint64_t task, const void *payload, size_t length);

/* Closes and frees, in any case; the file is removed when `finished` or when it never held a
 * record, else it stays. NULL is allowed. FL_EIO when what it holds could not be written. */
fl_status fl_journal_close(fl_journal *journal, bool finished);

#ifdef __cplusplus
}
#endif
#endif
