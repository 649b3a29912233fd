/* Files in memory for readers under a fuzzer: no call of the system for an input.
 *
 * The linker leads the calls by which readers come to a file here (--wrap, scripts/campaigns.mk): two names
 * belong to this file, all others go on to the system. One descriptor stands for the file of bytes, and a
 * stream on it reads it from its beginning, which is all that readers and the journal ask for. */
#define _GNU_SOURCE
#include "tests/fuzz/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/fuzz/fuzz.h"

int fuzz_calm;

#ifdef __linux__

enum { FILES = 2, DESCRIPTOR = 1 << 24 }; /* beyond all that the system gives */

typedef struct memory_file {
    const char *name;
    uint8_t *bytes;
    size_t length, room;
    bool there;
    FILE *stream; /* the last one opened */
} memory_file;

static memory_file files[FILES] = {{.name = "/fuzz-memory/0"}, {.name = "/fuzz-memory/1"}};

static void set_length(memory_file *file, size_t length) {
    if (length > file->room) {
        file->room = 2 * length;
        file->bytes = realloc(file->bytes, file->room);
        if (!file->bytes)
            abort();
    }
    if (length > file->length)
        memset(file->bytes + file->length, 0, length - file->length);
    file->length = length;
}

static const char *fill(memory_file *file, const uint8_t *bytes, size_t length) {
    file->there = true;
    file->length = 0;
    set_length(file, length);
    if (length)
        memcpy(file->bytes, bytes, length);
    return file->name;
}

const char *fuzz_memory(const uint8_t *bytes, size_t length) {
    return fill(&files[0], bytes, length);
}

const char *fuzz_memory_other(const uint8_t *bytes, size_t length) {
    return fill(&files[1], bytes, length);
}

static memory_file *by_name(const char *path) {
    for (int k = 0; k < FILES; k++)
        if (path && strcmp(path, files[k].name) == 0)
            return &files[k];
    return NULL;
}

static memory_file *by_number(int fd) {
    return fd >= DESCRIPTOR && fd < DESCRIPTOR + FILES ? &files[fd - DESCRIPTOR] : NULL;
}

static int number_of(const memory_file *file) {
    return DESCRIPTOR + (int)(file - files);
}

static FILE *open_stream(memory_file *file) {
    static char nothing[1];
    file->stream =
        file->length ? fmemopen(file->bytes, file->length, "rb") : fmemopen(nothing, 0, "rb");
    return file->stream;
}

static int describe(const memory_file *file, struct stat *status) {
    memset(status, 0, sizeof *status);
    status->st_mode = S_IFREG | 0600;
    status->st_size = (off_t)file->length;
    status->st_ino = (ino_t)number_of(file);
    return 0;
}

static int absent(void) {
    errno = ENOENT;
    return -1;
}

/* ---- What the linker puts in the place of the system's. */

#define WRAP(type, name, ...)                                                                      \
    type __real_##name(__VA_ARGS__);                                                               \
    type __wrap_##name(__VA_ARGS__);                                                               \
    type __wrap_##name(__VA_ARGS__)

WRAP(FILE *, fopen, const char *path, const char *mode) {
    memory_file *file = by_name(path);
    if (!file)
        return __real_fopen(path, mode);
    if (file->there)
        return open_stream(file);
    absent();
    return NULL;
}

WRAP(FILE *, fdopen, int fd, const char *mode) {
    memory_file *file = by_number(fd);
    return file ? open_stream(file) : __real_fdopen(fd, mode);
}

WRAP(int, fileno, FILE *stream) {
    for (int k = 0; k < FILES; k++)
        if (stream == files[k].stream)
            return DESCRIPTOR + k;
    return __real_fileno(stream);
}

WRAP(int, fclose, FILE *stream) {
    for (int k = 0; k < FILES; k++)
        if (stream == files[k].stream)
            files[k].stream = NULL;
    return __real_fclose(stream);
}

WRAP(int, stat, const char *path, struct stat *status) {
    const memory_file *file = by_name(path);
    if (!file)
        return __real_stat(path, status);
    return file->there ? describe(file, status) : absent();
}

WRAP(int, fstat, int fd, struct stat *status) {
    const memory_file *file = by_number(fd);
    return file ? describe(file, status) : __real_fstat(fd, status);
}

int __real_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...) {
    memory_file *file = by_name(path);
    va_list list;
    va_start(list, flags);
    unsigned mode = flags & O_CREAT ? va_arg(list, unsigned) : 0;
    va_end(list);
    if (!file)
        return __real_open(path, flags, mode);
    if (!file->there && !(flags & O_CREAT))
        return absent();
    file->there = true;
    return number_of(file);
}

int __real_fcntl(int fd, int what, ...);
int __wrap_fcntl(int fd, int what, ...);
int __wrap_fcntl(int fd, int what, ...) {
    va_list list;
    va_start(list, what);
    long value = va_arg(list, long);
    va_end(list);
    if (fuzz_calm && fd >= 0 && fd <= 2)
        return what == F_GETFL ? O_RDWR : 0;
    return by_number(fd) ? fd : __real_fcntl(fd, what, value); /* asked only for a copy */
}

WRAP(int, sigaction, int number, const struct sigaction *action, struct sigaction *before) {
    if (!fuzz_calm)
        return __real_sigaction(number, action, before);
    if (before)
        memset(before, 0, sizeof *before);
    return 0;
}

WRAP(int, close, int fd) {
    return by_number(fd) ? 0 : __real_close(fd);
}

WRAP(int, unlink, const char *path) {
    memory_file *file = by_name(path);
    if (!file)
        return __real_unlink(path);
    if (!file->there)
        return absent();
    file->there = false;
    return 0;
}

WRAP(int, flock, int fd, int how) {
    return by_number(fd) ? 0 : __real_flock(fd, how);
}

WRAP(int, fdatasync, int fd) {
    return by_number(fd) ? 0 : __real_fdatasync(fd);
}

WRAP(int, ftruncate, int fd, off_t length) {
    memory_file *file = by_number(fd);
    if (!file)
        return __real_ftruncate(fd, length);
    set_length(file, (size_t)length);
    return 0;
}

WRAP(ssize_t, pwrite, int fd, const void *bytes, size_t count, off_t offset) {
    memory_file *file = by_number(fd);
    if (!file)
        return __real_pwrite(fd, bytes, count, offset);
    if ((size_t)offset + count > file->length)
        set_length(file, (size_t)offset + count);
    memcpy(file->bytes + offset, bytes, count);
    return (ssize_t)count;
}

#else

const char *fuzz_memory(const uint8_t *bytes, size_t length) {
    return fuzz_file(bytes, length);
}

const char *fuzz_memory_other(const uint8_t *bytes, size_t length) {
    const char *name = fuzz_other();
    FILE *file = fopen(name, "wb");
    if (!file || fwrite(bytes, 1, length, file) != length || fclose(file) != 0)
        abort();
    return name;
}

#endif
