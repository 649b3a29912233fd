/* Standard descriptors: closed ones, and text on a checked standard output. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio_ext.h>
#include <string.h>
#include <unistd.h>

#include "src/cli/internal.h"

unsigned fl_cli_standard_hold(void) {
    /* The wrong direction on purpose: reading and writing fail as they would on a closed one. */
    static const int direction[] = {O_WRONLY, O_RDONLY, O_RDONLY};
    unsigned held = 0;
    for (int fd = 0; fd < 3; fd++)
        if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", direction[fd]) == fd)
            held |= 1u << fd;
    return held;
}

void fl_cli_standard_release(unsigned held) {
    for (int fd = 0; fd < 3; fd++)
        if (held >> fd & 1)
            close(fd);
}

fl_status fl_cli_standard_writable(void) {
    int flags = fcntl(STDOUT_FILENO, F_GETFL);
    if (flags < 0 || (flags & O_ACCMODE) == O_RDONLY)
        return fl_fail(FL_EIO, "standard output is closed; open it or give --output FILE");
    return FL_OK;
}

static fl_status unwritten(int error) {
    return fl_fail(FL_EIO, "standard output: cannot be written: %s", strerror(error));
}

fl_status fl_cli_print(const char *text) {
    FL_CHECK(fl_cli_standard_writable());
    errno = 0;
    int error = fputs(text, stdout) == EOF ? errno : 0;
    FL_CHECK(fl_cli_standard_flush());
    return error ? unwritten(error) : FL_OK;
}

fl_status fl_cli_standard_flush(void) {
    if (fflush(stdout) == 0)
        return FL_OK;
    int error = errno;
    __fpurge(stdout); /* else it is tried again at exit, where SIGPIPE is no longer ignored */
    clearerr(stdout);
    return unwritten(error);
}

bool fl_cli_standard_unread(void) {
    struct pollfd output = {.fd = STDOUT_FILENO, .events = POLLOUT};
    return strncmp(fl_message(), "standard output", 15) == 0 && poll(&output, 1, 0) == 1 &&
           (output.revents & POLLERR);
}
