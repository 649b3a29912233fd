/* fl-train overlaps: representations of examples of the same and of different classes.
 *
 * With S_c the sum of the states of class c, T that of all, h one state of H neurons: the sum of
 * its overlaps with its own class is h.S_c / H (its own included), with the others h.(T - S_c) / H.
 * All of them are integers until the division, so that the order does not matter. Errors are
 * jackknifed over examples, which are shared among pairs. */
#include <math.h>
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

static const fl_column columns[COLUMNS] = {{"module", FL_INTEGER, NULL},
                                           {"kind", FL_TEXT, NULL},
                                           {"pairs", FL_INTEGER, NULL},
                                           {"overlap", FL_REAL, NULL},
                                           {"error", FL_REAL, NULL}};

/* The states of all examples, and their sums over classes. */
typedef struct states {
    const fl_dataset *data;
    size_t hidden, modules, neurons, words;
    uint64_t *spins; /* count x words */
    int64_t *sums;   /* (outputs + 1) x neurons, all classes at the end */
    size_t *sizes;   /* of the classes */
    int8_t *one;     /* a state */
    double *terms;   /* count, pair sums of an example in a module */
    double *pairs;   /* count, its number of pairs */
} states;

static fl_status states_new(states *x, const model *m, const fl_dataset *data) {
    const fl_training *training = fl_learner_training(m->learner);
    *x = (states){.data = data, .hidden = training->hidden, .modules = training->modules};
    x->neurons = x->hidden * x->modules;
    x->words = fl_spins_words(x->neurons);
    x->spins = malloc(data->count * x->words * sizeof *x->spins);
    x->sums = calloc((data->outputs + 1) * x->neurons, sizeof *x->sums);
    x->sizes = calloc(data->outputs, sizeof *x->sizes);
    x->one = malloc(x->neurons);
    x->terms = malloc(data->count * sizeof *x->terms);
    x->pairs = malloc(data->count * sizeof *x->pairs);
    if (x->spins && x->sums && x->sizes && x->one && x->terms && x->pairs)
        return FL_OK;
    return fl_fail(FL_ENOMEM, "out of memory for %zu states of %zu neurons", data->count,
                   x->neurons);
}

static void states_clear(states *x) {
    free(x->spins);
    free(x->sums);
    free(x->sizes);
    free(x->one);
    free(x->terms);
    free(x->pairs);
}

static void states_sum(states *x) {
    const fl_dataset *data = x->data;
    int64_t *all = x->sums + data->outputs * x->neurons;
    for (size_t e = 0; e < data->count; e++) {
        int64_t *sum = x->sums + data->label[e] * x->neurons;
        fl_spins_unpack(x->spins + e * x->words, x->neurons, x->one);
        for (size_t i = 0; i < x->neurons; i++) {
            sum[i] += x->one[i];
            all[i] += x->one[i];
        }
        x->sizes[data->label[e]]++;
    }
}

/* For every example its pairs in module m, within its class or with the others. */
static void states_pairs(states *x, size_t m, bool within) {
    const fl_dataset *data = x->data;
    size_t first = m * x->hidden;
    const int64_t *all = x->sums + data->outputs * x->neurons;
    for (size_t e = 0; e < data->count; e++) {
        const int64_t *sum = x->sums + data->label[e] * x->neurons;
        double size = (double)x->sizes[data->label[e]];
        int64_t own = 0, total = 0;
        fl_spins_unpack(x->spins + e * x->words, x->neurons, x->one);
        for (size_t i = first; i < first + x->hidden; i++) {
            own += x->one[i] * sum[i];
            total += x->one[i] * all[i];
        }
        double h = (double)x->hidden;
        x->terms[e] = within ? (double)own / h - 1 : (double)(total - own) / h;
        x->pairs[e] = within ? size - 1 : (double)data->count - size;
    }
}

/* Mean over pairs, and its error from leaving out one example after the other. */
static void overlap_jackknife(const states *x, double *mean, double *error, double *pairs) {
    size_t n = x->data->count;
    double sum = 0, total = 0, first = 0, second = 0;
    for (size_t e = 0; e < n; e++) {
        sum += x->terms[e];
        total += x->pairs[e];
    }
    *mean = sum / total;
    *pairs = total / 2;
    for (size_t e = 0; e < n; e++) {
        double left = (sum - 2 * x->terms[e]) / (total - 2 * x->pairs[e]) - *mean;
        first += left;
        second += left * left;
    }
    double count = (double)n;
    *error = sqrt((count - 1) / count * fmax(second - first * first / count, 0));
}

static fl_status write_overlaps(states *x, fl_table *table) {
    for (size_t m = 0; m < x->modules; m++)
        for (int between = 0; between < 2; between++) {
            double mean, error, pairs;
            states_pairs(x, m, !between);
            overlap_jackknife(x, &mean, &error, &pairs);
            const fl_cell row[COLUMNS] = {FL_INT(m), FL_STR(between ? "between" : "within"),
                                          FL_INT(pairs), FL_NUM(mean), FL_NUM(error)};
            FL_CHECK(fl_table_row(table, row));
        }
    return FL_OK;
}

/* A set a class, whose number is that of the sample. */
static fl_status store_classes(fl_store *store, const states *x, double jd) {
    const fl_dataset *data = x->data;
    for (size_t c = 0; c < data->outputs; c++) {
        FL_CHECK(fl_store_begin(store, x->neurons, jd, c));
        for (size_t e = 0; e < data->count; e++)
            if (data->label[e] == c)
                FL_CHECK(fl_store_append(store, x->spins + e * x->words, 1, NULL));
    }
    return FL_OK;
}

static fl_status store_states(const fl_run *run, const char *path, const model *m,
                              const states *x) {
    fl_store *store;
    FL_CHECK(fl_store_create(&store, path, run->common.force, &run->meta));
    fl_status status = store_classes(store, x, fl_learner_training(m->learner)->jd);
    if (status == FL_OK)
        return fl_store_close(store);
    fl_store_discard(store);
    return status;
}

static fl_status measure_overlaps(fl_run *run, const settings *s, const model *m, states *x) {
    fl_epoch seen;
    fl_table *table;
    FL_CHECK(
        fl_learner_evaluate(m->learner, x->data, (int)run->common.threads, &seen, x->spins, NULL));
    states_sum(x);
    FL_CHECK(fl_run_table(run, &table, columns, COLUMNS));
    fl_status status = write_overlaps(x, table);
    if (status == FL_OK && s->states)
        status = store_states(run, s->states, m, x);
    if (status == FL_OK)
        return fl_table_close(table);
    fl_table_discard(table);
    return status;
}

static fl_status overlaps_of_model(fl_run *run, const void *given, const model *m,
                                   fl_dataset *data) {
    states x;
    if (!data->label)
        return fl_fail(FL_EDOMAIN, "associations have no classes that overlaps could be within or "
                                   "between");
    fl_status status = states_new(&x, m, data);
    if (status == FL_OK)
        status = measure_overlaps(run, given, m, &x);
    states_clear(&x);
    return status;
}

static fl_status run_overlaps(fl_run *run, const void *given) {
    const settings *s = given;
    if (s->states)
        FL_CHECK(fl_output_allowed(s->states, run->common.force));
    return saved_model_show(run, &s->shown, s, overlaps_of_model);
}

static const fl_option own[] = {
    {.name = "states",
     .type = FL_OPTION_TEXT,
     .offset = offsetof(settings, states),
     .argument = "FILE.h5",
     .hidden_from_meta = true,
     .help = "keep the states in a store, for fl-overlap: a set a class, numbered as the sample; "
             "neurons of all modules, one module behind the other"},
    {.name = NULL},
};

static const char details[] =
    "Shows examples to a network that `fl-train --save` kept, and compares the states it settles "
    "in: pairs of examples of the same class and of different classes.\n\n"
    "Columns: module, 0 for the first; kind, within or between classes; pairs of examples; "
    "overlap, "
    "mean over pairs of (1/H) sum_i h_i h'_i; its error, jackknifed over examples.";

fl_mode overlaps_mode(option_list *list) {
    options_add_shown(list, offsetof(settings, shown));
    options_add(list, own);
    return (fl_mode){.name = "overlaps",
                     .summary = "overlaps of a saved model's states within and between classes",
                     .details = details,
                     .example = "fl-train overlaps MODEL.h5",
                     .options = list->entries,
                     .settings_size = sizeof(settings),
                     .common = FL_WITH_THREADS,
                     .run = run_overlaps,
                     .takes_files = true};
}
