/* Status codes: see status.h. The message buffer is thread local, like errno. */
#include "fixland/status.h"

#include <stdarg.h>
#include <stdio.h>

static _Thread_local char message[1024];

/* Files and arguments are quoted in sentences; what they hold must not steer a terminal. */
static void copy_printable(char *to, size_t room, const char *from) {
    size_t used = 0;
    for (; *from && used + 5 < room; from++) {
        unsigned char c = (unsigned char)*from;
        if (c < ' ' || c == 0x7f)
            used += (size_t)snprintf(to + used, room - used, "\\x%02x", c);
        else
            to[used++] = *from;
    }
    to[used] = 0;
}

fl_status fl_fail(fl_status status, const char *format, ...) {
    /* Formatted aside first: the arguments may point into the last message. */
    char text[sizeof message];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    copy_printable(message, sizeof message, text);
    return status;
}

const char *fl_message(void) {
    return message;
}

const char *fl_status_name(fl_status status) {
    static const char *const names[] = {
        "FL_OK",        "FL_EINVAL",  "FL_ENOMEM",    "FL_EIO",     "FL_EFORMAT", "FL_EEXIST",
        "FL_EMISMATCH", "FL_EDOMAIN", "FL_UNDECIDED", "FL_STOPPED", "FL_EUSAGE",
    };
    size_t count = sizeof names / sizeof *names;
    return (size_t)status < count ? names[status] : "unknown status";
}

int fl_exit_code(fl_status status) {
    switch (status) {
    case FL_OK:
        return 0;
    case FL_EUSAGE:
        return 2;
    case FL_UNDECIDED:
    case FL_STOPPED:
        return 3;
    default:
        return 1;
    }
}
