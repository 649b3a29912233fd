/* Feeds files, and the files of folders, to a fuzz target, without a fuzzer. What it prints is for
 * scripts/check. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tests/fuzz/fuzz.h"

static int replay_file(const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, 0, SEEK_END) != 0) {
        fprintf(stderr, "%s: cannot be read\n", path);
        exit(1);
    }
    size_t length = (size_t)ftell(file);
    uint8_t *bytes = malloc(length + 1);
    rewind(file);
    if (!bytes || fread(bytes, 1, length, file) != length)
        exit(1);
    fclose(file);
    uint8_t *exact = malloc(length ? length : 1); /* so that a checker sees reads beyond it */
    memcpy(exact, bytes, length);
    free(bytes);
    LLVMFuzzerTestOneInput(exact, length);
    free(exact);
    return 1;
}

static int replay(const char *path) {
    struct stat status;
    struct dirent **entries;
    if (stat(path, &status) != 0)
        return 0;
    if (!S_ISDIR(status.st_mode))
        return replay_file(path);
    int count = scandir(path, &entries, NULL, alphasort), done = 0;
    for (int k = 0; k < count; k++) {
        char name[4096];
        snprintf(name, sizeof name, "%s/%s", path, entries[k]->d_name);
        if (entries[k]->d_name[0] != '.')
            done += replay(name);
        free(entries[k]);
    }
    if (count >= 0)
        free(entries);
    return done;
}

/* Without arguments: the corpus of the target that the program is named after. */
int main(int argc, char **argv) {
    static const char prefix[] = "test_fuzz_";
    const char *slash = strrchr(argv[0], '/'), *name = slash ? slash + 1 : argv[0];
    char corpus[4096];
    int done = 0;
    name += strncmp(name, prefix, strlen(prefix)) == 0 ? strlen(prefix) : 0;
    snprintf(corpus, sizeof corpus, "tests/fuzz/corpus/%s", name);
    printf("[ RUN      ] %s\n", name);
    fflush(stdout);
    for (int k = 1; k < argc; k++)
        done += replay(argv[k]);
    if (argc == 1)
        done = replay(corpus);
    printf("%d inputs\n", done);
    if (done)
        printf("[       OK ] %s\n", name);
    return !done;
}
