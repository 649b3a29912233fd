/* Checkpoints: see journal.h. The file, all numbers little-endian:
 *
 *   header: "fixland journal 1\n", u32 length of the fingerprint, fingerprint, u32 checksum
 *   record: u64 task, u64 length of the payload, payload, u32 checksum
 *
 * with the CRC-32 of all that stands before it in the header or the record as checksum. Reading
 * stops at the first record that is short or fails its checksum; from there on the file is cut off,
 * so that the next append follows the last whole record. A record is one write at a known offset: a
 * kill leaves a prefix of it. */
#include "fixland/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <zlib.h>

#include "src/io/bytes.h"
#include "src/io/io.h"

static const char magic[] = "fixland journal 1\n";
enum { MAGIC = sizeof magic - 1, HEAD = 16, CRC = 4 };

struct fl_journal {
    char *path;
    int fd;
    FILE *reader;   /* NULL once all records were read */
    uint64_t size;  /* of the file as it was found */
    uint64_t start; /* of the first record */
    uint64_t end;   /* of the last whole record */
    unsigned char *buffer;
    size_t room;
    double synced; /* seconds, monotonic */
    bool dirty, kept;
};

/* Appends the checksum of the first `length` bytes. */
static void put_checksum(unsigned char *bytes, size_t length) {
    fl_put_number(bytes + length, crc32_z(0, bytes, length), CRC);
}

static bool checksum_holds(const unsigned char *bytes, size_t length) {
    return fl_get_number(bytes + length, CRC) == crc32_z(0, bytes, length);
}

static fl_status reserve(fl_journal *journal, uint64_t bytes) {
    if (bytes <= journal->room)
        return FL_OK;
    unsigned char *buffer = bytes > SIZE_MAX / 2 ? NULL : realloc(journal->buffer, (size_t)bytes);
    if (!buffer)
        return fl_fail(FL_ENOMEM, "%s: out of memory for a record of %llu bytes", journal->path,
                       (unsigned long long)bytes);
    journal->buffer = buffer;
    journal->room = (size_t)bytes;
    return FL_OK;
}

/* Writes all bytes at the end. On failure the file is cut back to what it was. */
static fl_status write_at_end(fl_journal *journal, const unsigned char *bytes, size_t length) {
    for (size_t done = 0; done < length;) {
        ssize_t step =
            pwrite(journal->fd, bytes + done, length - done, (off_t)(journal->end + done));
        if (step < 0 && errno == EINTR)
            continue;
        if (step <= 0) {
            int error = step < 0 ? errno : ENOSPC;
            int cut = ftruncate(journal->fd, (off_t)journal->end);
            (void)cut; /* should it fail too, the checksum still tells the torn record */
            return fl_fail_write(journal->path, error);
        }
        done += (size_t)step;
    }
    journal->end += length;
    journal->dirty = true;
    return FL_OK;
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static fl_status sync_data(fl_journal *journal) {
    if (!journal->dirty)
        return FL_OK;
    journal->synced = now();
    journal->dirty = false;
    return fdatasync(journal->fd) == 0 ? FL_OK : fl_fail_write(journal->path, errno);
}

/* The header of this fingerprint, into the buffer. */
static fl_status make_header(fl_journal *journal, const char *fingerprint, size_t *length) {
    size_t text = strlen(fingerprint);
    FL_CHECK(reserve(journal, MAGIC + 4 + text + CRC));
    memcpy(journal->buffer, magic, MAGIC);
    fl_put_number(journal->buffer + MAGIC, text, 4);
    memcpy(journal->buffer + MAGIC + 4, fingerprint, text);
    put_checksum(journal->buffer, MAGIC + 4 + text);
    *length = MAGIC + 4 + text + CRC;
    return FL_OK;
}

static fl_status start_afresh(fl_journal *journal, const char *fingerprint) {
    size_t length;
    FL_CHECK(make_header(journal, fingerprint, &length));
    if (ftruncate(journal->fd, 0) != 0)
        return fl_fail_write(journal->path, errno);
    journal->end = 0;
    fl_status status = write_at_end(journal, journal->buffer, length);
    journal->start = length;
    if (status == FL_OK)
        status = sync_data(journal);
    if (status != FL_OK)
        unlink(journal->path);
    else
        fl_sync_directory(journal->path);
    return status;
}

/* Says which line of two fingerprints differs first. */
static fl_status mismatch(const char *path, const char *there, const char *here) {
    while (*there || *here) {
        int a = (int)strcspn(there, "\n"), b = (int)strcspn(here, "\n");
        if (a != b || strncmp(there, here, (size_t)a) != 0)
            return fl_fail(
                FL_EMISMATCH,
                "%s belongs to a run with other parameters: it has '%.*s' where this run "
                "has '%.*s'",
                path, a < 300 ? a : 300, there, b < 300 ? b : 300, here);
        there += a + (there[a] == '\n');
        here += b + (here[b] == '\n');
    }
    return fl_fail(FL_EMISMATCH, "%s belongs to a run with other parameters", path);
}

/* Why the file's header is not the expected one. The buffer is used anew. */
static fl_status diagnose_header(fl_journal *journal, const char *fingerprint) {
    const char *path = journal->path;
    rewind(journal->reader);
    size_t got = fread(journal->buffer, 1, MAGIC + 4, journal->reader);
    if (memcmp(journal->buffer, magic, got < MAGIC ? got : MAGIC) != 0)
        return fl_fail(FL_EFORMAT, "%s: not a fixland journal", path);
    uint64_t text = got == MAGIC + 4 ? fl_get_number(journal->buffer + MAGIC, 4) : journal->size;
    if (MAGIC + 4 + text + CRC > journal->size)
        return fl_fail(FL_EFORMAT,
                       "%s: the header is damaged; remove the file or start afresh with "
                       "--force",
                       path);
    FL_CHECK(reserve(journal, MAGIC + 4 + text + CRC + 1));
    got = fread(journal->buffer + MAGIC + 4, 1, (size_t)text + CRC, journal->reader);
    if (got < text + CRC || !checksum_holds(journal->buffer, MAGIC + 4 + (size_t)text))
        return fl_fail(FL_EFORMAT,
                       "%s: the header is damaged; remove the file or start afresh with "
                       "--force",
                       path);
    journal->buffer[MAGIC + 4 + text] = 0;
    return mismatch(path, (const char *)journal->buffer + MAGIC + 4, fingerprint);
}

/* Reads the header and compares it. A journal whose header was torn holds no records: it is started
 * again. */
static fl_status read_journal_header(fl_journal *journal, const char *fingerprint) {
    size_t length, same = 0;
    FL_CHECK(make_header(journal, fingerprint, &length));
    int byte = 0;
    while (same < length && (byte = getc(journal->reader)) == journal->buffer[same])
        same++;
    if (ferror(journal->reader))
        return fl_fail_read(journal->path, errno);
    if (same == length) {
        journal->start = journal->end = length;
        return FL_OK;
    }
    if (byte != EOF)
        return diagnose_header(journal, fingerprint);
    fclose(journal->reader);
    journal->reader = NULL;
    return start_afresh(journal, fingerprint);
}

/* Does the name still lead to the file that is open? Not if its last owner removed it meanwhile. */
static bool still_named(const fl_journal *journal) {
    struct stat by_name, by_handle;
    return stat(journal->path, &by_name) == 0 && fstat(journal->fd, &by_handle) == 0 &&
           by_name.st_ino == by_handle.st_ino && by_name.st_dev == by_handle.st_dev;
}

/* Locks the open file. Where the file system has no locks, which it says in many ways (ENOLCK,
 * ENOTSUP, NFS's own 524), the journal works without. */
static fl_status lock(const fl_journal *journal) {
    int result;
    do
        result = flock(journal->fd, LOCK_EX | LOCK_NB);
    while (result != 0 && errno == EINTR);
    if (result != 0 && errno == EWOULDBLOCK)
        return fl_fail(FL_EEXIST, "%s is in use by another process", journal->path);
    return FL_OK;
}

static fl_status open_file(fl_journal *journal, int flags) {
    struct stat status;
    journal->fd = open(journal->path, O_RDWR | O_CREAT | O_CLOEXEC | flags, 0666);
    if (journal->fd < 0 && errno == EEXIST)
        return fl_fail(FL_EEXIST, "%s exists already: --resume continues it, --force starts afresh",
                       journal->path);
    if (journal->fd < 0 || fstat(journal->fd, &status) != 0)
        return fl_fail_write(journal->path, errno);
    if (!S_ISREG(status.st_mode))
        return fl_fail(FL_EIO, "%s: a journal must be a regular file", journal->path);
    return FL_OK;
}

static fl_status open_locked(fl_journal *journal, int flags) {
    for (int attempt = 0; attempt < 100; attempt++) {
        FL_CHECK(open_file(journal, flags));
        FL_CHECK(lock(journal));
        if (still_named(journal))
            return FL_OK;
        close(journal->fd);
        journal->fd = -1;
    }
    return fl_fail(FL_EIO, "%s vanishes as often as it is opened", journal->path);
}

static fl_status open_reader(fl_journal *journal) {
    struct stat status;
    int copy = fcntl(journal->fd, F_DUPFD_CLOEXEC, 3);
    journal->reader = copy >= 0 ? fdopen(copy, "rb") : NULL;
    if (!journal->reader || fstat(journal->fd, &status) != 0) {
        int error = errno;
        if (!journal->reader && copy >= 0)
            close(copy);
        return fl_fail_read(journal->path, error);
    }
    journal->size = (uint64_t)status.st_size;
    return FL_OK;
}

static fl_status set_up(fl_journal *journal, const char *path, const char *fingerprint, bool resume,
                        bool force) {
    journal->synced = now();
    journal->path = strdup(path);
    if (!journal->path)
        return fl_fail(FL_ENOMEM, "out of memory for a journal");
    FL_CHECK(open_locked(journal, resume || force ? 0 : O_EXCL));
    if (!resume)
        return start_afresh(journal, fingerprint);
    FL_CHECK(open_reader(journal));
    return read_journal_header(journal, fingerprint);
}

static void release(fl_journal *journal) {
    if (journal->reader)
        fclose(journal->reader);
    if (journal->fd >= 0)
        close(journal->fd);
    free(journal->buffer);
    free(journal->path);
    free(journal);
}

fl_status fl_journal_open(fl_journal **journal, const char *path, const char *fingerprint,
                          bool resume, bool force) {
    *journal = NULL;
    fl_journal *new = calloc(1, sizeof *new);
    if (!new)
        return fl_fail(FL_ENOMEM, "out of memory for a journal");
    new->fd = -1;
    fl_status status = set_up(new, path, fingerprint, resume, force);
    if (status == FL_OK)
        *journal = new;
    else
        release(new);
    return status;
}

/* Reads a record into the buffer; false at the end or where the record is torn. */
static fl_status read_record(fl_journal *journal, bool *whole, size_t *length) {
    *whole = false;
    FL_CHECK(reserve(journal, HEAD + CRC));
    if (journal->size - journal->end < HEAD + CRC ||
        fread(journal->buffer, 1, HEAD, journal->reader) != HEAD)
        return FL_OK;
    uint64_t payload = fl_get_number(journal->buffer + 8, 8);
    if (payload > journal->size - journal->end - HEAD - CRC)
        return FL_OK;
    *length = (size_t)payload;
    FL_CHECK(reserve(journal, HEAD + payload + CRC));
    *whole = fread(journal->buffer + HEAD, 1, *length + CRC, journal->reader) == *length + CRC &&
             checksum_holds(journal->buffer, HEAD + *length);
    return FL_OK;
}

/* Drops whatever follows the last whole record. */
static fl_status end_reading(fl_journal *journal) {
    bool failed = ferror(journal->reader);
    fclose(journal->reader);
    journal->reader = NULL;
    if (failed)
        return fl_fail_read(journal->path, EIO);
    if (journal->end < journal->size && ftruncate(journal->fd, (off_t)journal->end) != 0)
        return fl_fail_write(journal->path, errno);
    return FL_OK;
}

fl_status fl_journal_next(fl_journal *journal, bool *found, uint64_t *task, const void **payload,
                          size_t *length) {
    *found = false;
    if (!journal->reader)
        return FL_OK;
    FL_CHECK(read_record(journal, found, length));
    if (!*found)
        return end_reading(journal);
    *task = fl_get_number(journal->buffer, 8);
    *payload = journal->buffer + HEAD;
    journal->end += HEAD + *length + CRC;
    return FL_OK;
}

fl_status fl_journal_append(fl_journal *journal, uint64_t task, const void *payload,
                            size_t length) {
    if (journal->reader)
        return fl_fail(FL_EINVAL, "%s: a journal is read to its end before it grows",
                       journal->path);
    FL_CHECK(reserve(journal, (uint64_t)length + HEAD + CRC));
    fl_put_number(journal->buffer, task, 8);
    fl_put_number(journal->buffer + 8, length, 8);
    if (length > 0)
        memcpy(journal->buffer + HEAD, payload, length);
    put_checksum(journal->buffer, HEAD + length);
    FL_CHECK(write_at_end(journal, journal->buffer, HEAD + length + CRC));
    return now() - journal->synced >= 1 ? sync_data(journal) : FL_OK;
}

void fl_journal_keep(fl_journal *journal) {
    journal->kept = true;
}

fl_status fl_journal_close(fl_journal *journal, bool finished) {
    if (!journal)
        return FL_OK;
    fl_status status = FL_OK;
    bool empty = journal->end <= journal->start && journal->size <= journal->start;
    if ((!finished || journal->kept) && !empty)
        status = sync_data(journal);
    else if (unlink(journal->path) != 0 && errno != ENOENT)
        status = fl_fail(FL_EIO, "%s: cannot be removed: %s", journal->path, strerror(errno));
    release(journal);
    return status;
}
