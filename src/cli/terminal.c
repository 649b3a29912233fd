/* The terminal behind stderr. mpirun gives its ranks a pipe in place of it, and copies what comes through to
 * its own stderr: where that is a terminal, rank 0 draws there. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "src/cli/internal.h"
#include "src/par/ranks.h"

enum { USUAL = 80, GENERATIONS = 3 };

static int width_of(int descriptor) {
    struct winsize w;
    if (!isatty(descriptor))
        return 0;
    return ioctl(descriptor, TIOCGWINSZ, &w) == 0 && w.ws_col > 0 ? w.ws_col : USUAL;
}

/* Name and parent of a process; false where they cannot be read. */
static bool look_up_process(long process, char name[64], long *parent) {
    char path[64], line[256];
    snprintf(path, sizeof path, "/proc/%ld/stat", process);
    FILE *file = fopen(path, "r");
    if (!file)
        return false;
    bool read = fgets(line, sizeof line, file) != NULL;
    fclose(file);
    const char *close = read ? strrchr(line, ')') : NULL;
    return close && sscanf(line, "%*d (%63[^)]", name) == 1 &&
           sscanf(close, ") %*c %ld", parent) == 1;
}

static bool is_launcher(const char *name) {
    static const char *const launchers[] = {"mpirun", "mpiexec", "orterun", "prterun"};
    for (size_t k = 0; k < sizeof launchers / sizeof *launchers; k++)
        if (strncmp(name, launchers[k], strlen(launchers[k])) == 0)
            return true;
    return false;
}

static int width_of_launcher(void) {
    char name[64], path[64];
    long process = getppid(), parent;
    for (int k = 0; k < GENERATIONS && look_up_process(process, name, &parent); k++) {
        if (is_launcher(name)) {
            snprintf(path, sizeof path, "/proc/%ld/fd/2", process);
            int descriptor = open(path, O_WRONLY | O_NOCTTY | O_NONBLOCK);
            int width = descriptor < 0 ? 0 : width_of(descriptor);
            if (descriptor >= 0)
                close(descriptor);
            return width;
        }
        process = parent;
    }
    return 0;
}

int fl_cli_terminal(void) {
    int width = width_of(STDERR_FILENO);
    return width || fl_ranks_count() < 2 || fl_ranks_serving() ? width : width_of_launcher();
}
