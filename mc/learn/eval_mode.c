/* fl-train eval: accuracy of a saved model. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fixland/stats.h"
#include "mc/learn/modes.h"
#include "mc/learn/saved_model.h"

typedef struct settings {
    shown_settings shown;
    fl_reals noise, erase;
} settings;

enum { COLUMNS = 8 };

static const fl_column columns[COLUMNS] = {
    {"noise", FL_REAL, NULL, "probability that the sign of an input is flipped"},
    {"erase", FL_REAL, NULL, "probability that an input is missing"},
    {"examples", FL_INTEGER, NULL, "shown"},
    {"accuracy", FL_REAL, NULL, "(of associations: fraction with every bit right)"},
    {"accuracy_low", FL_REAL, NULL, "lower end of its Wilson 95 % interval"},
    {"accuracy_high", FL_REAL, NULL, "upper end"},
    {"fixed_fraction", FL_REAL, NULL, "of examples whose last state is a fixed point"},
    {"flips_per_neuron", FL_REAL, NULL, "of an example"},
};

static const fl_mode_table tables[] = {{NULL, columns, COLUMNS}, {.columns = NULL}};

static fl_status write_evaluation(fl_table *table, double noise, double erase, size_t examples,
                                  const fl_epoch *seen) {
    uint64_t right = (uint64_t)llround(seen->accuracy * (double)examples);
    fl_interval interval = fl_wilson(right, examples, 1.959963984540054);
    const fl_cell row[COLUMNS] = {FL_NUM(noise),
                                  FL_NUM(erase),
                                  FL_INT(examples),
                                  FL_NUM(seen->accuracy),
                                  FL_NUM(interval.low),
                                  FL_NUM(interval.high),
                                  FL_NUM(seen->fixed_fraction),
                                  FL_NUM(seen->flips_per_neuron)};
    return fl_table_row(table, row);
}

/* Only damage is drawn. */
static fl_status check_seed_effect(const fl_run *run, const settings *s) {
    static const char *const drawn[] = {"seed", NULL};
    bool damaged = false;
    for (size_t k = 0; k < s->noise.count; k++)
        damaged |= s->noise.values[k] > 0;
    for (size_t k = 0; k < s->erase.count; k++)
        damaged |= s->erase.values[k] > 0;
    return damaged ? FL_OK : fl_run_refuse(run, drawn, "without --noise or --erase");
}

/* Every damage starts from the intact features. */
static fl_status evaluate_damages(fl_run *run, const settings *s, const fl_model *m,
                                  fl_dataset *data, const float *intact, fl_table *table) {
    const fl_effort effort = fl_run_effort(run);
    size_t size = data->count * data->features * sizeof *intact;
    for (size_t e = 0; e < s->erase.count; e++)
        for (size_t k = 0; k < s->noise.count; k++) {
            double noise = s->noise.values[k], erase = s->erase.values[e];
            fl_epoch seen;
            memcpy(data->x, intact, size);
            if (noise > 0 || erase > 0)
                FL_CHECK(fl_dataset_damage(data, noise, erase, run->common.seed, 0));
            FL_CHECK(fl_learner_evaluate(m->learner, data, &effort, &seen, NULL, NULL));
            FL_CHECK(write_evaluation(table, noise, erase, data->count, &seen));
            if (fl_stop_requested())
                return fl_fail(FL_STOPPED, "stopped between two evaluations");
        }
    return FL_OK;
}

static fl_status evaluate_model(fl_run *run, const void *s, const fl_model *m, fl_dataset *data) {
    size_t size = data->count * data->features * sizeof *data->x;
    float *intact = malloc(size);
    fl_table *table;
    if (!intact)
        return fl_fail(FL_ENOMEM, "out of memory for %zu examples", data->count);
    memcpy(intact, data->x, size);
    fl_status status = fl_run_table(run, &table, columns, COLUMNS);
    if (status == FL_OK) {
        status = evaluate_damages(run, s, m, data, intact, table);
        if (status == FL_OK)
            status = fl_table_close(table);
        else
            fl_table_discard(table);
    }
    free(intact);
    return status;
}

static fl_status run_eval(fl_run *run, const void *given) {
    const settings *s = given;
    FL_CHECK(check_seed_effect(run, s));
    return saved_model_show(run, &s->shown, s, evaluate_model);
}

static const fl_option options[] = {
    FL_GROUP(shown_options, settings, shown, ),
    {"noise", FL_OPTION_REALS, offsetof(settings, noise), "LIST", "0", 0, 1,
     .help = "probability that the sign of an input is flipped"},
    {"erase", FL_OPTION_REALS, offsetof(settings, erase), "LIST", "0", 0, 1,
     .help = "probability that an input is missing (zero)"},
    {.name = NULL},
};

static const char details[] =
    "Shows examples to a network that `fl-train --save` kept: by default the test examples of its "
    "own training, with inputs as they are or damaged.";

const fl_mode eval_mode = {.name = "eval",
                           .summary = "accuracy of a saved model, on damaged inputs too",
                           .details = details,
                           .example = "fl-train eval MODEL.h5 --noise 0:0.3:0.05",
                           .options = options,
                           .settings_size = sizeof(settings),
                           .common = FL_WITH_SEED | FL_WITH_THREADS,
                           .run = run_eval,
                           .takes_files = true,
                           .tables = tables};
