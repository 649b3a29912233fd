/* Plain or gzip bytes: see packed.h. */
#include "src/io/packed.h"

#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>

#include "src/io/io.h"

enum { GZIP_1 = 0x1f, GZIP_2 = 0x8b };

/* Bytes of the file into the empty buffer. */
static fl_status refill(fl_packed *p) {
    p->z.next_in = p->input;
    p->z.avail_in = (uInt)fread(p->input, 1, sizeof p->input, p->stream);
    return ferror(p->stream) ? fl_fail_read(p->path, errno) : FL_OK;
}

fl_status fl_packed_open(fl_packed *p, const char *path) {
    memset(p, 0, offsetof(fl_packed, input));
    p->path = path;
    FL_CHECK(fl_input_open(&p->stream, path));
    fl_status status = refill(p);
    p->gzip = p->z.avail_in >= 2 && p->input[0] == GZIP_1 && p->input[1] == GZIP_2;
    /* 15 + 16: the largest window, and a gzip frame with its checksum. */
    if (status == FL_OK && p->gzip && inflateInit2(&p->z, 15 + 16) != Z_OK)
        status = fl_fail(FL_ENOMEM, "%s: out of memory to decompress it", path);
    if (status != FL_OK)
        fclose(p->stream);
    return status;
}

void fl_packed_close(fl_packed *p) {
    if (p->gzip)
        inflateEnd(&p->z);
    fclose(p->stream);
    p->stream = NULL;
}

static fl_status read_plain(fl_packed *p, unsigned char *bytes, size_t wanted, size_t *got) {
    size_t there = p->z.avail_in < wanted ? p->z.avail_in : wanted;
    memcpy(bytes, p->z.next_in, there);
    p->z.next_in += there;
    p->z.avail_in -= (uInt)there;
    if (there < wanted)
        there += fread(bytes + there, 1, wanted - there, p->stream);
    *got = there;
    p->ended = there < wanted;
    return ferror(p->stream) ? fl_fail_read(p->path, errno) : FL_OK;
}

/* What inflate could not go on with. */
static fl_status damaged(const fl_packed *p, int error) {
    if (error == Z_MEM_ERROR)
        return fl_fail(FL_ENOMEM, "%s: out of memory to decompress it", p->path);
    if (p->members > 0 && p->z.total_out == 0)
        return fl_fail(FL_EFORMAT, "%s: trailing bytes after the compressed data", p->path);
    if (error == Z_BUF_ERROR)
        return fl_fail(FL_EFORMAT, "%s: truncated: the compressed data end too early", p->path);
    return fl_fail(FL_EFORMAT, "%s: damaged: the compressed data say '%s'", p->path,
                   p->z.msg ? p->z.msg : "error");
}

/* A member has ended: the file does so too, or another one begins. */
static fl_status next_member(fl_packed *p) {
    p->members++;
    if (p->z.avail_in == 0)
        FL_CHECK(refill(p));
    p->ended = p->z.avail_in == 0;
    return inflateReset(&p->z) == Z_OK ? FL_OK : damaged(p, Z_MEM_ERROR);
}

static fl_status read_gzip(fl_packed *p, unsigned char *bytes, size_t wanted, size_t *got) {
    *got = 0;
    while (*got < wanted && !p->ended) {
        size_t room = wanted - *got < UINT_MAX ? wanted - *got : UINT_MAX;
        if (p->z.avail_in == 0)
            FL_CHECK(refill(p));
        p->z.next_out = bytes + *got;
        p->z.avail_out = (uInt)room;
        int result = inflate(&p->z, Z_NO_FLUSH); /* Z_BUF_ERROR: no input, so the file has ended */
        *got += room - p->z.avail_out;
        if (result == Z_STREAM_END)
            FL_CHECK(next_member(p));
        else if (result != Z_OK)
            return damaged(p, result);
    }
    return FL_OK;
}

fl_status fl_packed_read(fl_packed *p, void *bytes, size_t wanted, size_t *got) {
    return p->gzip ? read_gzip(p, bytes, wanted, got) : read_plain(p, bytes, wanted, got);
}

size_t fl_packed_most(const fl_packed *p) {
    struct stat status;
    if (fstat(fileno(p->stream), &status) != 0 || !S_ISREG(status.st_mode))
        return SIZE_MAX;
    /* deflate makes at most 258 bytes of two bits (zlib's technical notes: 1032 to 1). */
    size_t size = (size_t)status.st_size, ratio = p->gzip ? 1032 : 1;
    return size < SIZE_MAX / ratio ? size * ratio : SIZE_MAX;
}
