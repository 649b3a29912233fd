/* See fuzz.h. */
#include "tests/fuzz/fuzz.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char names[2][64];

static void remove_files(void) {
    for (int k = 0; k < 2; k++)
        unlink(names[k]);
}

/* In memory where the system has such a folder. */
static const char *name_of(int which) {
    static pid_t owner;
    if (owner != getpid()) {
        const char *folder = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
        owner = getpid();
        for (int k = 0; k < 2; k++)
            snprintf(names[k], sizeof names[k], "%s/fixland-fuzz-%ld-%d", folder, (long)owner, k);
        atexit(remove_files);
    }
    return names[which];
}

const char *fuzz_file(const uint8_t *bytes, size_t length) {
    int file = open(name_of(0), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    size_t done = 0;
    while (file >= 0 && done < length) {
        ssize_t step = write(file, bytes + done, length - done);
        if (step <= 0)
            break;
        done += (size_t)step;
    }
    if (file < 0 || done < length || close(file) != 0)
        abort();
    return names[0];
}

const char *fuzz_other(void) {
    const char *name = name_of(1);
    unlink(name);
    return name;
}

char *fuzz_text(const uint8_t *bytes, size_t length) {
    char *text = malloc(length + 1);
    if (!text)
        abort();
    if (length)
        memcpy(text, bytes, length);
    text[length] = 0;
    return text;
}

/* Behind blanks. */
static double next_number(const char *text, char **end) {
    double value = strtod(text, end);
    *end += strspn(*end, " \t");
    return value;
}

int fuzz_long_range(const char *text, size_t length) {
    enum { MANY = 300, FEW = 64 };
    for (const char *colon = strchr(text, ':'); colon; colon = strchr(colon + 1, ':')) {
        const char *start = colon;
        char *end;
        while (start > text && !strchr(",:=\n", start[-1]))
            start--;
        double from = next_number(start, &end),
               to = *end == ':' ? next_number(end + 1, &end) : from;
        double step = *end == ':' ? next_number(end + 1, &end) : 1;
        if ((to - from) / step > MANY)
            return length % FEW != 0;
    }
    return 0;
}

void fuzz_promise(int holds, const char *what) {
    if (holds)
        return;
    fprintf(stderr, "broken promise: %s\n", what);
    abort();
}
