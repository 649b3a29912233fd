/* Temporary files that a killed process left beside an output: FILE.tmp-PID-HHHHRRRR, where HHHH
 * tells the host (and its space of process numbers) and RRRR is random. They are removed only where
 * the host is this one and no process has that number any more. And those of this process. */
#define _GNU_SOURCE /* asprintf */
#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/utsname.h>
#include <unistd.h>
#include <zlib.h>

#include "src/io/io.h"

enum { NAME_MOST = 200 }; /* of the output's own name, as file systems limit names */

static unsigned host_mark(void) {
    struct utsname system;
    char space[64] = "";
    unsigned long sum = crc32_z(0, NULL, 0);
    if (uname(&system) == 0)
        sum = crc32_z(sum, (const unsigned char *)system.nodename, strlen(system.nodename));
    ssize_t length = readlink("/proc/self/ns/pid", space, sizeof space);
    if (length > 0)
        sum = crc32_z(sum, (const unsigned char *)space, (size_t)length);
    return sum & 0xffff;
}

char *fl_temporary_name(const char *path) {
    uint32_t random;
    if (getentropy(&random, sizeof random) != 0)
        random = (uint32_t)(uintptr_t)&random; /* O_EXCL decides in any case */
    const char *slash = strrchr(path, '/');
    int folder = slash ? (int)(slash + 1 - path) : 0;
    char *name = NULL;
    int length = asprintf(&name, "%.*s%.*s.tmp-%ld-%04x%04x", folder, path, NAME_MOST,
                          path + folder, (long)getpid(), host_mark(), (unsigned)random & 0xffff);
    return length < 0 ? NULL : name;
}

/* Nobody has that number, or a process that has ended and whose parent does not ask how, as in containers without
 * an init. */
static bool is_gone(long pid) {
    char name[40], line[600] = "";
    if (kill((pid_t)pid, 0) != 0)
        return errno == ESRCH;
    snprintf(name, sizeof name, "/proc/%ld/stat", pid);
    FILE *file = fopen(name, "r");
    if (!file)
        return false;
    size_t length = fread(line, 1, sizeof line - 1, file);
    fclose(file);
    line[length] = 0;
    const char *state = strrchr(line, ')'); /* behind the program's name, which may hold anything */
    return state && state[1] == ' ' && state[2] == 'Z';
}

/* Is `entry` a temporary file of `name`, of a process of this host that is no more? */
static bool is_left_over(const char *entry, const char *name) {
    size_t length = strnlen(name, NAME_MOST);
    char *end;
    if (strncmp(entry, name, length) != 0 || strncmp(entry + length, ".tmp-", 5) != 0)
        return false;
    const char *number = entry + length + 5;
    if (*number < '1' || *number > '9')
        return false;
    long pid = strtol(number, &end, 10);
    char host[8];
    snprintf(host, sizeof host, "-%04x", host_mark());
    if (strncmp(end, host, 5) != 0 || strlen(end) != 9 || strspn(end + 1, "0123456789abcdef") != 8)
        return false;
    return is_gone(pid);
}

void fl_entries_beside(const char *path, void *context,
                       void (*take)(void *context, int folder, const char *entry,
                                    const char *name)) {
    const char *slash = strrchr(path, '/');
    char *folder = slash ? strndup(path, (size_t)(slash + 1 - path)) : strdup(".");
    DIR *directory = folder ? opendir(folder) : NULL;
    free(folder);
    if (!directory)
        return;
    for (struct dirent *entry; (entry = readdir(directory));)
        take(context, dirfd(directory), entry->d_name, slash ? slash + 1 : path);
    closedir(directory);
}

static void remove_if_left(void *context, int folder, const char *entry, const char *name) {
    (void)context;
    if (is_left_over(entry, name))
        unlinkat(folder, entry, 0);
}

void fl_remove_leftovers(const char *path) {
    fl_entries_beside(path, NULL, remove_if_left);
}

/* More than a run has: further ones are left to whoever opens the output next. */
static char *present[16];
static pthread_mutex_t presence = PTHREAD_MUTEX_INITIALIZER;

static void exchange(const char *old, char *new) {
    pthread_mutex_lock(&presence);
    for (size_t k = 0; k < sizeof present / sizeof *present; k++)
        if (present[k] == old) {
            present[k] = new;
            break;
        }
    pthread_mutex_unlock(&presence);
}

void fl_temporary_keep(char *name) {
    exchange(NULL, name);
}

void fl_temporary_forget(const char *name) {
    if (name)
        exchange(name, NULL);
}

void fl_temporaries_remove(void) {
    pthread_mutex_lock(&presence);
    for (size_t k = 0; k < sizeof present / sizeof *present; k++)
        if (present[k])
            unlink(present[k]);
    pthread_mutex_unlock(&presence);
}
