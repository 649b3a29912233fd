/* Figures and their tables: see scripts.h. What a script reads is read off the script: each
 * data."/NAME.tsv". */
#include "tools/plot/scripts.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool holds_style(const char *folder) {
    char path[SCRIPT_PATH + 16];
    snprintf(path, sizeof path, "%s/style.gp", folder);
    return access(path, R_OK) == 0;
}

/* Path of the folder of the program, without the last '/'; false where the system does not tell. */
static bool program_folder(char *folder) {
    ssize_t length = readlink("/proc/self/exe", folder, SCRIPT_PATH - 1);
    if (length <= 0)
        return false;
    folder[length] = 0;
    char *end = strrchr(folder, '/');
    if (!end)
        return false;
    *end = 0;
    return true;
}

fl_status scripts_folder(char *folder) {
    static const char *const places[] = {"../share/fixland/plots", "../../plots", "../../../plots"};
    const char *given = getenv("FIXLAND_PLOTS");
    char program[SCRIPT_PATH];
    if (given && *given) {
        snprintf(folder, SCRIPT_PATH, "%s", given);
        return holds_style(folder)
                   ? FL_OK
                   : fl_fail(FL_EIO, "FIXLAND_PLOTS=%s: no style.gp is there", given);
    }
    for (size_t k = 0; k < 3 && program_folder(program); k++)
        if (snprintf(folder, SCRIPT_PATH, "%s/%s", program, places[k]) < SCRIPT_PATH &&
            holds_style(folder))
            return FL_OK;
    return fl_fail(FL_EIO, "the figure scripts are not found; set FIXLAND_PLOTS to their folder");
}

static fl_status slurp(const char *path, char **text) {
    FILE *file = fopen(path, "r");
    size_t length = 0, room = 1 << 16;
    *text = malloc(room);
    if (file && *text)
        length = fread(*text, 1, room - 1, file);
    bool failed = !file || !*text || ferror(file) || length == room - 1;
    if (file)
        fclose(file);
    if (failed) {
        free(*text);
        *text = NULL;
        return fl_fail(FL_EIO, "%s: cannot be read: %s", path, strerror(errno));
    }
    (*text)[length] = 0;
    return FL_OK;
}

static fl_status add_table(script *s, const char *name, size_t length) {
    bool whole = length > 4 && strncmp(name + length - 4, ".tsv", 4) == 0;
    char *copy = malloc(length + 6);
    char **more = realloc(s->tables, (s->count + 1) * sizeof *more);
    if (more)
        s->tables = more;
    if (!copy || !more) {
        free(copy);
        return fl_fail(FL_ENOMEM, "out of memory for the tables of %s", s->name);
    }
    sprintf(copy, "%.*s%s", (int)length, name, whole ? "" : "*.tsv");
    for (size_t k = 0; k < s->count; k++)
        if (strcmp(s->tables[k], copy) == 0) {
            free(copy);
            return FL_OK;
        }
    s->tables[s->count++] = copy;
    return FL_OK;
}

/* A table that a script can do without: the command that reads it is quiet where it is missing. */
static bool is_optional(const char *after_name) {
    return strncmp(after_name, "' 2>/dev/null", 13) == 0;
}

/* data."/NAME" in strings, '".data."/NAME' within shell commands: both hold `data."/`. */
static fl_status find_tables(script *s) {
    static const char mark[] = "data.\"/";
    for (const char *p = s->text; (p = strstr(p, mark));) {
        p += strlen(mark);
        size_t length = strcspn(p, "\"'");
        if (!is_optional(p + length))
            FL_CHECK(add_table(s, p, length));
    }
    /* sprintf("... '%s/NAME.tsv'", ..., data) */
    for (const char *p = s->text; (p = strstr(p, "%s/"));) {
        p += 3;
        FL_CHECK(add_table(s, p, strcspn(p, "\"'")));
    }
    return FL_OK;
}

/* Lines "# needs TABLE: 3 jd, 5 success". */
static void find_needs(script *s) {
    static const char mark[] = "# needs ";
    for (const char *p = s->text; (p = strstr(p, mark));) {
        char table[64];
        int used = 0;
        p += strlen(mark);
        if (sscanf(p, "%63[^:\n]:%n", table, &used) != 1 || used == 0)
            continue;
        for (const char *at = p + used; s->need_count < SCRIPT_NEEDS;) {
            script_need *need = &s->needs[s->need_count];
            if (sscanf(at, " %zu %63[a-z_0-9]%n", &need->column, need->name, &used) != 2)
                break;
            memcpy(need->table, table, sizeof table);
            s->need_count++;
            at += used;
            if (*at++ != ',')
                break;
        }
    }
}

fl_status script_read(script *s, const char *folder, const char *name) {
    char path[SCRIPT_PATH + 300];
    *s = (script){0};
    if (strchr(name, '/') || strlen(name) > 200 || strcmp(name, "style") == 0)
        return fl_fail(FL_EUSAGE, "there is no figure '%s'; `fl-plot list` tells them all", name);
    snprintf(path, sizeof path, "%s/%s.gp", folder, name);
    if (access(path, F_OK) != 0)
        return fl_fail(FL_EUSAGE, "there is no figure '%s'; `fl-plot list` tells them all", name);
    fl_status status = slurp(path, &s->text);
    s->name = strdup(name);
    if (status == FL_OK)
        find_needs(s);
    if (status == FL_OK)
        status = s->name ? find_tables(s) : fl_fail(FL_ENOMEM, "out of memory for %s", name);
    if (status != FL_OK)
        script_clear(s);
    return status;
}

void script_clear(script *s) {
    for (size_t k = 0; k < s->count; k++)
        free(s->tables[k]);
    free(s->tables);
    free(s->text);
    free(s->name);
    *s = (script){0};
}

static int is_figure(const struct dirent *entry) {
    size_t length = strlen(entry->d_name);
    return length > 3 && strcmp(entry->d_name + length - 3, ".gp") == 0 &&
           strcmp(entry->d_name, "style.gp") != 0;
}

fl_status scripts_list(const char *folder, char ***names, size_t *count) {
    struct dirent **entries;
    int found = scandir(folder, &entries, is_figure, alphasort);
    if (found < 0)
        return fl_fail(FL_EIO, "%s: cannot be read: %s", folder, strerror(errno));
    *names = calloc((size_t)found + 1, sizeof **names);
    *count = 0;
    bool enough = *names != NULL;
    for (int k = 0; k < found; k++) {
        if (enough) {
            entries[k]->d_name[strlen(entries[k]->d_name) - 3] = 0;
            (*names)[*count] = strdup(entries[k]->d_name);
            enough = (*names)[*count] != NULL;
            *count += enough;
        }
        free(entries[k]);
    }
    free(entries);
    return enough ? FL_OK : fl_fail(FL_ENOMEM, "out of memory for %d names", found);
}
