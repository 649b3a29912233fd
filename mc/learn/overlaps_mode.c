/* fl-train overlaps: representations of examples of the same and of different classes. */
#include <stdlib.h>

#include "fixland/output.h"
#include "fixland/spins.h"
#include "fixland/store.h"
#include "mc/learn/modes.h"
#include "mc/learn/saved_model.h"

typedef struct settings {
    shown_settings shown;
    const char *states;
} settings;

enum { COLUMNS = 5 };

static const fl_column columns[COLUMNS] = {
    {"module", FL_INTEGER, NULL, "0 for the first"},
    {"kind", FL_TEXT, NULL, "pairs within a class, or between classes"},
    {"pairs", FL_INTEGER, NULL, "of examples"},
    {"overlap", FL_REAL, NULL, "(1/H) sum_i h_i h'_i, mean over pairs"},
    {"error", FL_REAL, NULL, "of the overlap, jackknifed over examples"}};

static const fl_mode_table tables[] = {{NULL, columns, COLUMNS}, {.columns = NULL}};

static fl_status write_overlaps(fl_table *table, const fl_class_overlap *overlaps, size_t modules) {
    for (size_t k = 0; k < 2 * modules; k++) {
        const fl_class_overlap *o = &overlaps[k];
        const fl_cell row[COLUMNS] = {FL_INT(k / 2), FL_STR(k % 2 ? "between" : "within"),
                                      FL_INT(o->pairs), FL_NUM(o->mean), FL_NUM(o->error)};
        FL_CHECK(fl_table_row(table, row));
    }
    return FL_OK;
}

/* A set a class, whose number is that of the sample. */
static fl_status store_classes(fl_store *store, const fl_training *t, const fl_dataset *data,
                               const uint64_t *spins) {
    size_t neurons = t->hidden * t->modules, words = fl_spins_words(neurons);
    for (size_t c = 0; c < data->outputs; c++) {
        FL_CHECK(fl_store_begin(store, neurons, t->jd, c));
        for (size_t e = 0; e < data->count; e++)
            if (data->label[e] == c)
                FL_CHECK(fl_store_append(store, spins + e * words, 1, NULL));
    }
    return FL_OK;
}

static fl_status store_states(const fl_run *run, const char *path, const fl_training *t,
                              const fl_dataset *data, const uint64_t *spins) {
    fl_store *store;
    FL_CHECK(fl_store_create(&store, path, run->common.force, &run->meta));
    fl_status status = store_classes(store, t, data, spins);
    if (status == FL_OK)
        return fl_store_close(store);
    fl_store_discard(store);
    return status;
}

/* The store first: a table tells that all is done. */
static fl_status write_all(fl_run *run, const settings *s, const fl_model *m,
                           const fl_dataset *data, uint64_t *spins, fl_class_overlap *overlaps) {
    const fl_training *t = fl_learner_training(m->learner);
    const fl_effort effort = fl_run_effort(run);
    fl_epoch seen;
    fl_table *table;
    FL_CHECK(fl_learner_evaluate(m->learner, data, &effort, &seen, spins, NULL));
    FL_CHECK(fl_learner_overlaps(m->learner, data, spins, overlaps));
    FL_CHECK(fl_run_table(run, &table, columns, COLUMNS));
    fl_status status = write_overlaps(table, overlaps, t->modules);
    if (status == FL_OK && s->states)
        status = store_states(run, s->states, t, data, spins);
    if (status == FL_OK)
        return fl_table_close(table);
    fl_table_discard(table);
    return status;
}

static fl_status overlaps_of_model(fl_run *run, const void *given, const fl_model *m,
                                   fl_dataset *data) {
    const fl_training *t = fl_learner_training(m->learner);
    size_t words = fl_spins_words(t->hidden * t->modules);
    uint64_t *spins = malloc(data->count * words * sizeof *spins);
    fl_class_overlap *overlaps = malloc(2 * t->modules * sizeof *overlaps);
    fl_status status =
        spins && overlaps
            ? write_all(run, given, m, data, spins, overlaps)
            : fl_fail(FL_ENOMEM, "out of memory for the states of %zu examples", data->count);
    free(spins);
    free(overlaps);
    return status;
}

static fl_status run_overlaps(fl_run *run, const void *given) {
    const settings *s = given;
    FL_CHECK(fl_run_apart(run, "states", s->states));
    if (s->states)
        FL_CHECK(fl_output_allowed(s->states, run->common.force));
    return saved_model_show(run, &s->shown, s, overlaps_of_model);
}

static const fl_option options[] = {
    FL_GROUP(shown_options, settings, shown, ),
    {"states", FL_OPTION_TEXT, offsetof(settings, states), "FILE.h5", .hidden_from_meta = true,
     .help = "keep the states in a store, for fl-overlap: a set a class, numbered as the sample; "
             "neurons of all modules, one module behind the other"},
    {.name = NULL},
};

const fl_mode overlaps_mode = {
    .name = "overlaps",
    .summary = "overlaps of a saved model's states within and between classes",
    .details =
        "Shows examples to a network that `fl-train --save` kept, and compares the states it "
        "settles in: pairs of examples of the same class and of different classes.",
    .example = "fl-train overlaps MODEL.h5",
    .options = options,
    .settings_size = sizeof(settings),
    .common = FL_WITH_THREADS,
    .run = run_overlaps,
    .takes_files = true,
    .tables = tables};
