/* Loaded before a tool's own libraries (LD_PRELOAD): lets one call of the system fail.
 *
 * FL_INJECT=NAME:COUNT:ERRNO: the COUNT-th call of NAME fails with that number (malloc: returns NULL);
 * COUNT 0: every call. FL_INJECT_COUNT=FILE: instead of failing, lines NAME COUNT of all calls are written
 * there at exit. What the C library calls inside itself does not pass here. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const names[] = {"write",  "pwrite", "fsync",  "fdatasync", "rename", "link",
                                    "unlink", "close",  "fclose", "ftruncate", "flock",  "malloc"};
enum { NAMES = sizeof names / sizeof *names };

static int wanted = -1; /* which of the names */
static long at, number;
static atomic_long calls[NAMES];
static atomic_int ready;

static int index_of(const char *name) {
    for (int k = 0; k < NAMES; k++)
        if (strcmp(names[k], name) == 0)
            return k;
    return -1;
}

__attribute__((constructor)) static void begin(void) {
    char name[32];
    const char *text = getenv("FL_INJECT");
    if (text && sscanf(text, "%31[a-z]:%ld:%ld", name, &at, &number) >= 1)
        wanted = index_of(name);
    atomic_store(&ready, 1);
}

__attribute__((destructor)) static void end(void) {
    const char *path = getenv("FL_INJECT_COUNT");
    atomic_store(&ready, 0);
    FILE *file = path ? fopen(path, "w") : NULL;
    if (!file)
        return;
    for (int k = 0; k < NAMES; k++)
        fprintf(file, "%s %ld\n", names[k], atomic_load(&calls[k]));
    fclose(file);
}

static int fails(const char *name) {
    int which = index_of(name);
    if (!atomic_load(&ready))
        return 0;
    long call = atomic_fetch_add(&calls[which], 1) + 1;
    if (which != wanted || getenv("FL_INJECT_COUNT") || (at != 0 && call != at))
        return 0;
    errno = (int)number;
    return 1;
}

/* The next function of that name, found at the first call. */
#define NEXT(type, name, ...)                                                                      \
    static type (*next)(__VA_ARGS__);                                                              \
    if (!next)                                                                                     \
    next = (type(*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

ssize_t write(int fd, const void *bytes, size_t count) {
    NEXT(ssize_t, "write", int, const void *, size_t);
    return fails("write") ? -1 : next(fd, bytes, count);
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t offset) {
    NEXT(ssize_t, "pwrite", int, const void *, size_t, off_t);
    return fails("pwrite") ? -1 : next(fd, bytes, count, offset);
}

int fsync(int fd) {
    NEXT(int, "fsync", int);
    return fails("fsync") ? -1 : next(fd);
}

int fdatasync(int fd) {
    NEXT(int, "fdatasync", int);
    return fails("fdatasync") ? -1 : next(fd);
}

int rename(const char *from, const char *to) {
    NEXT(int, "rename", const char *, const char *);
    return fails("rename") ? -1 : next(from, to);
}

int link(const char *from, const char *to) {
    NEXT(int, "link", const char *, const char *);
    return fails("link") ? -1 : next(from, to);
}

int unlink(const char *path) {
    NEXT(int, "unlink", const char *);
    return fails("unlink") ? -1 : next(path);
}

int close(int fd) {
    NEXT(int, "close", int);
    int result = next(fd); /* the descriptor is gone in any case */
    return fails("close") ? -1 : result;
}

int fclose(FILE *stream) {
    NEXT(int, "fclose", FILE *);
    int result = next(stream);
    return fails("fclose") ? EOF : result;
}

int ftruncate(int fd, off_t length) {
    NEXT(int, "ftruncate", int, off_t);
    return fails("ftruncate") ? -1 : next(fd, length);
}

int flock(int fd, int how) {
    NEXT(int, "flock", int, int);
    return fails("flock") ? -1 : next(fd, how);
}

/* Memory: glibc's own names, since dlsym itself allocates. */
extern void *__libc_malloc(size_t), *__libc_calloc(size_t, size_t), *__libc_realloc(void *, size_t);

void *malloc(size_t size) {
    return fails("malloc") ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size) {
    return fails("malloc") ? NULL : __libc_calloc(count, size);
}

void *realloc(void *old, size_t size) {
    return fails("malloc") ? NULL : __libc_realloc(old, size);
}
