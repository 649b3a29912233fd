/* Do tables belong together: see parts.h. */
#include "mc/dynamics/parts.h"

#include <stdlib.h>
#include <string.h>

/* The seed last. */
static const char *const keys[] = {
    "sweeps",   "replicas", "p",         "temperature", "anneal-sweeps",  "thermal",
    "start",    "overlap",  "network",   "ensemble",    "variance",       "eta",
    "dilution", "modules",  "lambda",    "margin",      "energy",         "hot",
    "cold",     "rate",     "start-rho", "stop-rho",    "damping",        "refresh",
    "restarts", "repair",   "engine",    "input",       "input-strength", "transpose",
    "seed"};
enum { KEYS = sizeof keys / sizeof *keys };

/* Runs of other algorithms, or of other tools, do not tell these. */
static bool looked_at_by_some(const char *key) {
    static const char *const some[] = {"p",   "temperature", "anneal-sweeps",  "thermal",  "energy",
                                       "hot", "cold",        "input-strength", "transpose"};
    for (size_t k = 0; k < sizeof some / sizeof *some; k++)
        if (strcmp(key, some[k]) == 0)
            return true;
    return false;
}

static const char not_given[] = "not given";

static const char *told(const char *value) {
    return value ? value : not_given;
}

static size_t count_of(const table_parts *p) {
    return p->any_seed ? KEYS - 1 : KEYS;
}

static fl_status first(table_parts *p, const char *path, const fl_meta *meta) {
    p->path = strdup(path);
    if (!p->path)
        return fl_fail(FL_ENOMEM, "out of memory for the name of %s", path);
    for (size_t k = 0; k < count_of(p); k++)
        if (fl_meta_get(meta, keys[k]))
            FL_CHECK(fl_meta_set(&p->settings, keys[k], "%s", fl_meta_get(meta, keys[k])));
    return FL_OK;
}

fl_status parts_add(table_parts *p, const char *path, const fl_meta *meta) {
    if (!p->path)
        return first(p, path, meta);
    for (size_t k = 0; k < count_of(p); k++) {
        const char *a = told(fl_meta_get(&p->settings, keys[k])),
                   *b = told(fl_meta_get(meta, keys[k]));
        bool both = a != not_given && b != not_given;
        if (strcmp(a, b) != 0 && (both || !looked_at_by_some(keys[k])))
            return fl_fail(FL_EMISMATCH, "%s and %s do not belong together: %s is %s and %s",
                           p->path, path, keys[k], a, b);
    }
    return FL_OK;
}

fl_status parts_note(const table_parts *p, fl_meta *meta) {
    for (size_t k = 0; k < p->settings.count; k++)
        if (!fl_meta_get(meta, p->settings.keys[k]))
            FL_CHECK(fl_meta_set(meta, p->settings.keys[k], "%s", p->settings.values[k]));
    return FL_OK;
}

void parts_clear(table_parts *p) {
    free(p->path);
    fl_meta_clear(&p->settings);
    p->path = NULL;
}
