/* A text line by line: see io.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "src/io/io.h"

fl_status fl_lines_read(FILE *stream, const char *label, void *context,
                        fl_status (*take)(void *context, size_t line, char *text)) {
    char *text = NULL;
    size_t room = 0, line = 0;
    fl_status status = FL_OK;
    errno = 0;
    for (ssize_t length; status == FL_OK && (length = getline(&text, &room, stream)) >= 0;) {
        line++;
        if (strlen(text) != (size_t)length) {
            status = fl_fail(FL_EFORMAT, "%s: line %zu: a zero byte; this is not a text file",
                             label, line);
            break;
        }
        while (length > 0 && (text[length - 1] == '\n' || text[length - 1] == '\r'))
            text[--length] = 0;
        status = take(context, line, text);
    }
    int error = errno;
    free(text);
    return status == FL_OK && !feof(stream) ? fl_fail_read(label, error) : status;
}
