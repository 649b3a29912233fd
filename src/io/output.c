/* Files that are whole or not there at all: see output.h.
 *
 * The temporary file stands beside the final one, so that link(2) and rename(2) stay within one
 * file system. Names under which a descriptor is already open (/dev/stdout, /dev/fd/3) are written
 * through that descriptor: opened by name, a file behind them would be written from its start
 * again. */
#define _GNU_SOURCE /* asprintf */
#include "src/io/io.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The descriptor that `path` is another name of, -1 for ordinary names. */
static int descriptor_of(const char *path) {
    if (strcmp(path, "/dev/stdout") == 0)
        return STDOUT_FILENO;
    if (strcmp(path, "/dev/stderr") == 0)
        return STDERR_FILENO;
    static const char *const folders[] = {"/dev/fd/", "/proc/self/fd/"};
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        size_t length = strlen(folders[i]);
        if (strncmp(path, folders[i], length) != 0)
            continue;
        char *end;
        long number = strtol(path + length, &end, 10);
        if (end > path + length && !*end && number >= 0 && number <= INT_MAX)
            return (int)number;
    }
    return -1;
}

static bool is_stdout(const char *path) {
    return !path || strcmp(path, "-") == 0 || descriptor_of(path) == STDOUT_FILENO;
}

/* The directory that holds `path`; free it. NULL: out of memory. */
static char *directory_of(const char *path) {
    const char *slash = strrchr(path, '/');
    if (!slash)
        return strdup(".");
    return strndup(path, slash == path ? 1 : (size_t)(slash - path));
}

int fl_sync_directory(const char *path) {
    char *directory = directory_of(path);
    if (!directory)
        return ENOMEM;
    int error = 0, fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    free(directory);
    if (fd < 0) /* a directory may be writable and not readable */
        return 0;
    if (fsync(fd) != 0 && errno != EINVAL && errno != ENOTSUP && errno != EROFS)
        error = errno;
    close(fd);
    return error;
}

const char *fl_output_name(const fl_output *output) {
    return output->path ? output->path : "standard output";
}

/* What the link `path` says, seen from where `path` is looked up; NULL if it is no link (errno
 * EINVAL) or cannot be read. */
static char *link_target(const char *path) {
    char target[PATH_MAX], *joined = NULL;
    ssize_t length = readlink(path, target, sizeof target - 1);
    if (length < 0)
        return NULL;
    target[length] = 0;
    const char *slash = strrchr(path, '/');
    int folder = slash && target[0] != '/' ? (int)(slash + 1 - path) : 0;
    return asprintf(&joined, "%.*s%s", folder, path, target) < 0 ? NULL : joined;
}

/* The final name. A symbolic link is followed, also to a file that is not there yet: what it points
 * to is written, not the link. NULL and errno on failure. */
static char *final_name(const char *path) {
    enum { MOST_LINKS = 40 }; /* as the system has it */
    char *name = strdup(path);
    for (int k = 0; name && k < MOST_LINKS; k++) {
        char *target = link_target(name);
        if (!target && errno != ENOMEM)
            return name;
        free(name);
        name = target;
    }
    free(name);
    errno = name ? ELOOP : ENOMEM;
    return NULL;
}

char *fl_output_canonical(const char *path) {
    if (is_stdout(path))
        return strdup("/dev/stdout");
    char *name = final_name(path), *directory = name ? directory_of(name) : NULL;
    char *folder = directory ? realpath(directory, NULL) : NULL, *joined = NULL;
    const char *slash = name ? strrchr(name, '/') : NULL;
    if (!folder || asprintf(&joined, "%s/%s", folder, slash ? slash + 1 : name) < 0)
        joined = strdup(path); /* a folder that is not there is refused elsewhere */
    free(folder);
    free(directory);
    free(name);
    return joined;
}

static fl_status exists_already(const char *path) {
    return fl_fail(FL_EEXIST, "%s exists already; --force replaces it", path);
}

static fl_status directory_allowed(const char *path) {
    char *name = final_name(path), *directory = name ? directory_of(name) : NULL;
    free(name);
    if (!directory)
        return fl_fail(FL_ENOMEM, "out of memory for a file name");
    int error = access(directory, W_OK | X_OK) == 0 ? 0 : errno;
    free(directory);
    return error ? fl_fail_write(path, error) : FL_OK;
}

fl_status fl_output_allowed(const char *path, bool force) {
    struct stat status;
    if (is_stdout(path) || descriptor_of(path) >= 0)
        return FL_OK;
    size_t length = strlen(path);
    if (length == 0 || path[length - 1] == '/')
        return fl_fail(FL_EIO, "'%s' cannot be written: it does not name a file", path);
    if (stat(path, &status) != 0)
        return errno == ENOENT ? directory_allowed(path) : fl_fail_write(path, errno);
    if (S_ISDIR(status.st_mode))
        return fl_fail_write(path, EISDIR);
    if (!S_ISREG(status.st_mode))
        return access(path, W_OK) == 0 ? FL_OK : fl_fail_write(path, errno);
    return force ? directory_allowed(path) : exists_already(path);
}

/* Fills path and temporary and creates the temporary file, open for writing in *fd. */
static fl_status create_temporary(fl_output *output, const char *path, int *fd) {
    output->path = final_name(path);
    if (output->path)
        fl_remove_leftovers(output->path);
    for (int attempt = 0; output->path && attempt < 100; attempt++) {
        output->temporary = fl_temporary_name(output->path);
        if (!output->temporary)
            break;
        *fd = open(output->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (*fd >= 0) {
            fl_temporary_keep(output->temporary);
            return FL_OK;
        }
        int error = errno;
        free(output->temporary); /* before it could be removed: it is not ours */
        output->temporary = NULL;
        if (error != EEXIST) {
            fl_output_discard(output);
            return fl_fail_write(path, error);
        }
    }
    fl_output_discard(output);
    return fl_fail(FL_ENOMEM, "%s: no temporary name could be made beside it", path);
}

/* Opens a device, a pipe or an open descriptor, to be written as it is. */
static fl_status open_in_place(fl_output *output, const char *path, int *fd) {
    int descriptor = descriptor_of(path);
    *fd = descriptor >= 0 ? fcntl(descriptor, F_DUPFD_CLOEXEC, 3)
                          : open(path, O_WRONLY | O_NOCTTY | O_CLOEXEC);
    if (*fd < 0)
        return fl_fail_write(path, errno);
    output->path = strdup(path);
    if (output->path)
        return FL_OK;
    close(*fd);
    return fl_fail(FL_ENOMEM, "out of memory for a file name");
}

fl_status fl_output_open(fl_output *output, const char *path, bool force) {
    struct stat status;
    int fd = -1;
    *output = (fl_output){.force = force};
    if (is_stdout(path)) {
        output->stream = stdout;
        return FL_OK;
    }
    FL_CHECK(fl_output_allowed(path, force));
    bool in_place =
        descriptor_of(path) >= 0 || (stat(path, &status) == 0 && !S_ISREG(status.st_mode));
    FL_CHECK(in_place ? open_in_place(output, path, &fd) : create_temporary(output, path, &fd));
    output->stream = fdopen(fd, "wb");
    if (output->stream)
        return FL_OK;
    close(fd);
    fl_output_discard(output);
    return fl_fail(FL_ENOMEM, "out of memory for writing %s", path);
}

fl_status fl_output_reserve(fl_output *output, const char *path, bool force) {
    struct stat status;
    int fd = -1;
    *output = (fl_output){.force = force};
    if (is_stdout(path) || descriptor_of(path) >= 0 ||
        (stat(path, &status) == 0 && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode)))
        return fl_fail(FL_EINVAL, "%s: only a regular file can be written here",
                       path ? path : "standard output");
    FL_CHECK(fl_output_allowed(path, force));
    FL_CHECK(create_temporary(output, path, &fd));
    close(fd);
    return FL_OK;
}

/* fsync where it means something. Returns 0 or an errno. */
static int sync_descriptor(int fd) {
    return fsync(fd) == 0 || errno == EINVAL || errno == ENOTSUP ? 0 : errno;
}

/* Brings what was written through the stream to the disk. Returns 0 or an errno. */
static int flush_stream(const fl_output *output) {
    FILE *stream = output->stream;
    errno = 0;
    int error = fflush(stream) != 0 ? errno : ferror(stream) ? EIO : 0;
    return !error && output->temporary ? sync_descriptor(fileno(stream)) : error;
}

fl_status fl_output_flush(fl_output *output) {
    int error = flush_stream(output);
    return error ? fl_fail_write(fl_output_name(output), error) : FL_OK;
}

/* Flushes and closes it. Returns 0 or an errno. */
static int finish_stream(fl_output *output) {
    FILE *stream = output->stream;
    int error = flush_stream(output);
    if (stream == stdout)
        return error;
    output->stream = NULL;
    if (fclose(stream) != 0 && !error)
        error = errno;
    return error;
}

/* The same for a file that somebody else wrote and closed. */
static int finish_reserved(const fl_output *output) {
    int fd = open(output->temporary, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return errno;
    int error = sync_descriptor(fd);
    close(fd);
    return error;
}

/* Gives the temporary file its name, but only if nobody has that name. Returns 0 or an errno. */
static int publish_new(const fl_output *output) {
    if (link(output->temporary, output->path) == 0)
        return unlink(output->temporary) == 0 ? 0 : errno;
    if (errno != EPERM && errno != ENOTSUP && errno != ENOSYS && errno != EMLINK)
        return errno;
    /* No hard links here (FAT): hold the name with an empty file first. */
    int fd = open(output->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd < 0)
        return errno;
    close(fd);
    if (rename(output->temporary, output->path) == 0)
        return 0;
    int error = errno;
    unlink(output->path);
    return error;
}

/* Takes the place of a file, and its permissions. Returns 0 or an errno. */
static int publish_over(const fl_output *output) {
    struct stat status;
    if (stat(output->path, &status) == 0 && chmod(output->temporary, status.st_mode & 07777) != 0)
        return errno;
    return rename(output->temporary, output->path) == 0 ? 0 : errno;
}

static void forget_temporary(fl_output *output) {
    fl_temporary_forget(output->temporary);
    free(output->temporary);
    output->temporary = NULL;
}

static fl_status publish(fl_output *output) {
    int error = output->force ? publish_over(output) : publish_new(output);
    if (error == EEXIST && !output->force)
        return exists_already(output->path);
    if (error)
        return fl_fail_write(output->path, error);
    forget_temporary(output);
    error = fl_sync_directory(output->path);
    return error ? fl_fail_write(output->path, error) : FL_OK;
}

fl_status fl_output_commit(fl_output *output) {
    if (!output->stream && !output->temporary)
        return fl_fail(FL_EINVAL, "there is no open output to finish");
    int error = output->stream ? finish_stream(output) : finish_reserved(output);
    fl_status status = error ? fl_fail_write(fl_output_name(output), error) : FL_OK;
    if (status == FL_OK && output->temporary)
        status = publish(output);
    fl_output_discard(output);
    return status;
}

void fl_output_discard(fl_output *output) {
    if (output->stream && output->stream != stdout)
        fclose(output->stream);
    if (output->temporary)
        unlink(output->temporary);
    free(output->path);
    forget_temporary(output);
    *output = (fl_output){0};
}
