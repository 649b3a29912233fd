/* Opening files for reading, and the sentences for files the system refuses. */
#include "src/io/io.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

fl_status fl_fail_read(const char *path, int error) {
    return fl_fail(FL_EIO, "%s: cannot be read: %s", path, strerror(error ? error : EIO));
}

fl_status fl_fail_write(const char *path, int error) {
    return fl_fail(FL_EIO, "%s: cannot be written: %s", path, strerror(error ? error : EIO));
}

fl_status fl_input_open(FILE **stream, const char *path) {
    struct stat status;
    *stream = fopen(path, "rbe");
    if (!*stream)
        return fl_fail_read(path, errno);
    if (fstat(fileno(*stream), &status) != 0 || S_ISDIR(status.st_mode)) {
        fclose(*stream);
        *stream = NULL;
        return fl_fail_read(path, EISDIR);
    }
    return FL_OK;
}

void fl_input_skip_mark(FILE *stream) {
    static const char mark[] = "\xef\xbb\xbf";
    int bytes[3], count = 0;
    while (count < 3 && (bytes[count] = getc(stream)) == (unsigned char)mark[count])
        count++;
    for (int k = count; count < 3 && k >= 0; k--) /* glibc takes back what it has just given */
        if (bytes[k] != EOF)
            ungetc(bytes[k], stream);
}
