/* See seal.h. */
#include "src/io/seal.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "src/io/bytes.h"
#include "src/io/io.h"

enum { MARK = 16, LENGTH = MARK, CONTENT = LENGTH + 8, OWN = CONTENT + 4, SEAL = OWN + 4 };
static const char mark[MARK] = "fixland seal 1\n";

static void make_seal(unsigned char *seal, uint64_t length, unsigned long checksum) {
    memcpy(seal, mark, MARK);
    fl_put_number(seal + LENGTH, length, 8);
    fl_put_number(seal + CONTENT, checksum, 4);
    fl_put_number(seal + OWN, crc32_z(0, seal, OWN), 4);
}

/* Of the first `length` bytes. Returns 0 or an errno; a file that is shorter is EIO. */
static int content_checksum(int fd, uint64_t length, unsigned long *checksum) {
    unsigned char bytes[1 << 14];
    *checksum = crc32_z(0, NULL, 0);
    for (uint64_t done = 0; done < length;) {
        size_t wanted = length - done < sizeof bytes ? (size_t)(length - done) : sizeof bytes;
        ssize_t step = pread(fd, bytes, wanted, (off_t)done);
        if (step < 0 && errno == EINTR)
            continue;
        if (step <= 0)
            return step < 0 ? errno : EIO;
        *checksum = crc32_z(*checksum, bytes, (size_t)step);
        done += (uint64_t)step;
    }
    return 0;
}

static int write_seal(int fd, const unsigned char *seal, off_t at) {
    for (size_t done = 0; done < SEAL;) {
        ssize_t step = pwrite(fd, seal + done, SEAL - done, at + (off_t)done);
        if (step < 0 && errno == EINTR)
            continue;
        if (step <= 0)
            return step < 0 ? errno : ENOSPC;
        done += (size_t)step;
    }
    return 0;
}

static int seal_descriptor(int fd) {
    unsigned char seal[SEAL];
    unsigned long checksum;
    struct stat status;
    if (fstat(fd, &status) != 0)
        return errno;
    int error = content_checksum(fd, (uint64_t)status.st_size, &checksum);
    if (error)
        return error;
    make_seal(seal, (uint64_t)status.st_size, checksum);
    return write_seal(fd, seal, status.st_size);
}

int fl_seal_append(const char *path) {
    int fd = open(path, O_RDWR | O_CLOEXEC);
    if (fd < 0)
        return errno;
    int error = seal_descriptor(fd);
    if (close(fd) != 0 && !error)
        error = errno;
    return error;
}

/* Is most of the mark there? Then a seal was here, whatever became of it. */
static bool resembles(const unsigned char *seal) {
    int same = 0;
    for (int k = 0; k < MARK; k++)
        same += seal[k] == (unsigned char)mark[k];
    return same > MARK / 2;
}

static fl_status broken(const char *path) {
    return fl_fail(FL_EFORMAT,
                   "%s: damaged, or changed by another program: its checksum does not hold", path);
}

fl_status fl_seal_check(FILE *stream, const char *path, bool *sealed) {
    struct stat status;
    unsigned char seal[SEAL], expected[SEAL];
    unsigned long checksum;
    int fd = fileno(stream);
    *sealed = false;
    if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode) || status.st_size < SEAL)
        return FL_OK;
    uint64_t length = (uint64_t)status.st_size - SEAL;
    if (pread(fd, seal, SEAL, (off_t)length) != SEAL)
        return fl_fail_read(path, errno);
    if (!resembles(seal))
        return FL_OK;
    int error = content_checksum(fd, length, &checksum);
    if (error)
        return fl_fail_read(path, error);
    make_seal(expected, length, checksum);
    *sealed = true;
    return memcmp(seal, expected, SEAL) == 0 ? FL_OK : broken(path);
}

bool fl_seal_is_cut(FILE *stream, uint64_t end, uint64_t size) {
    unsigned char tail[SEAL];
    if (size <= end || size - end >= SEAL)
        return false;
    size_t length = (size_t)(size - end);
    return pread(fileno(stream), tail, length, (off_t)end) == (ssize_t)length &&
           memcmp(tail, mark, length < MARK ? length : MARK) == 0;
}
