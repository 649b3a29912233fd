/* Rows, summaries, comparisons and stores of fl-count: see outputs.h. */
#include "mc/count/outputs.h"

#include <math.h>

#include "fixland/enumerate.h"
#include "fixland/moments.h"
#include "fixland/spins.h"

const fl_column count_rows[COUNT_DIAGNOSTICS] = {
    {"n", FL_INTEGER, NULL},
    {"jd", FL_REAL, NULL},
    {"sample", FL_INTEGER, NULL},
    {"log_count", FL_REAL, NULL},
    {"log_count_error", FL_REAL, NULL},
    {"equilibrated", FL_INTEGER, NULL},
    {"method", FL_TEXT, NULL},
    {"low", FL_REAL, NULL},
    {"high", FL_REAL, NULL},
    {"raw", FL_REAL, NULL},
    {"spread", FL_REAL, NULL},
    {"families", FL_REAL, NULL},
    {"replicas", FL_INTEGER, NULL},
    {"excess", FL_REAL, NULL},
    {"acceptance", FL_REAL, NULL},
    {"fraction", FL_REAL, NULL},
    {"steps", FL_INTEGER, NULL},
    {"distinct", FL_INTEGER, NULL},
    {"coincidences", FL_REAL, NULL},
    {"log_count_coincidences", FL_REAL, NULL},
    {"found", FL_INTEGER, NULL},
};

const fl_column count_summary[COUNT_SUMMARY_COLUMNS] = {
    {"n", FL_INTEGER, NULL},
    {"jd", FL_REAL, NULL},
    {"samples", FL_INTEGER, NULL},
    {"undecided", FL_INTEGER, NULL},
    {"fraction_empty", FL_REAL, NULL},
    {"entropy", FL_REAL, "nats"},
    {"entropy_error", FL_REAL, "nats"},
    {"annealed", FL_REAL, "nats"},
    {"annealed_error", FL_REAL, "nats"},
    {"closed_form", FL_REAL, "nats"},
    {"z", FL_REAL, NULL},
    {"limit", FL_REAL, "nats"},
    {"lognormal", FL_REAL, "nats"},
    {"method", FL_TEXT, NULL},
};

const fl_column count_check[COUNT_CHECK_COLUMNS] = {
    {"n", FL_INTEGER, NULL},
    {"jd", FL_REAL, NULL},
    {"sample", FL_INTEGER, NULL},
    {"anneal", FL_REAL, NULL},
    {"anneal_error", FL_REAL, NULL},
    {"split", FL_REAL, NULL},
    {"split_error", FL_REAL, NULL},
    {"z", FL_REAL, NULL},
    {"exact", FL_REAL, NULL},
    {"anneal_covers", FL_INTEGER, NULL},
    {"split_covers", FL_INTEGER, NULL},
};

static int64_t size_of(const count_outputs *o, size_t n_index) {
    return o->plan->given ? (int64_t)o->plan->given->n : o->plan->n[n_index];
}

static fl_status take_row(count_outputs *o, const fl_count_result *r) {
    const fl_count_estimate *e = r->estimate;
    const fl_cell cells[] = {FL_INT(size_of(o, r->n_index)),
                             FL_NUM(o->plan->jd[r->jd_index]),
                             FL_INT(r->sample),
                             FL_NUM(e->log_count),
                             FL_NUM(e->error),
                             FL_INT(e->equilibrated),
                             FL_STR(fl_count_method_name(e->method)),
                             FL_NUM(e->low),
                             FL_NUM(e->high),
                             FL_NUM(e->raw),
                             FL_NUM(e->spread),
                             FL_NUM(e->families),
                             FL_INT(e->replicas),
                             FL_NUM(e->excess),
                             FL_NUM(e->acceptance),
                             FL_NUM(e->fraction),
                             FL_INT(e->steps),
                             FL_INT(e->distinct),
                             FL_NUM(e->coincidences),
                             FL_NUM(e->coincidence),
                             FL_INT(e->found)};
    return fl_table_row(o->files.table, cells);
}

static uint64_t samples_of(const count_outputs *o) {
    return fl_count_tasks(o->plan) / FL_COUNT_POPULATIONS /
           (o->plan->jd_count * o->plan->method_count * (o->plan->given ? 1 : o->plan->n_count));
}

/* Per neuron. `limit` and what follows are for independent Gaussian couplings in one module. */
static fl_status summary_row(count_outputs *o, size_t n_index, const fl_count_row *rows) {
    const fl_count_samples_plan *plan = o->plan;
    const fl_ensemble *ensemble = plan->given ? NULL : &plan->ensemble;
    double neurons = (double)size_of(o, n_index) * (ensemble ? (double)ensemble->modules : 1);
    double limit = NAN;
    fl_count_summary s;
    FL_CHECK(fl_count_summarise(rows, samples_of(o), ensemble, &s));
    if (!isnan(s.log_ratio_variance))
        FL_CHECK(fl_entropy_limit(rows->jd, &limit));
    const fl_cell cells[] = {FL_INT(rows->n),
                             FL_NUM(rows->jd),
                             FL_INT(s.samples),
                             FL_INT(s.undecided),
                             FL_NUM((double)s.empty / (double)s.samples),
                             FL_NUM(s.quenched.mean / neurons),
                             FL_NUM(s.quenched.error / neurons),
                             FL_NUM(s.log_mean / neurons),
                             FL_NUM(s.log_mean_error / neurons),
                             FL_NUM(s.closed_form / neurons),
                             FL_NUM(s.z),
                             FL_NUM(limit),
                             FL_NUM((s.closed_form - s.log_ratio_variance / 2) / neurons),
                             FL_STR(fl_count_method_name(rows->method))};
    return fl_table_row(o->files.table, cells);
}

static fl_status take_summary(count_outputs *o, const fl_count_result *r) {
    const fl_count_estimate *e = r->estimate;
    uint64_t samples = samples_of(o), cells = o->plan->jd_count * o->plan->method_count;
    uint64_t cell = o->done % cells, sample = o->done / cells % samples;
    o->rows[cell * samples + sample] = (fl_count_row){.method = e->method,
                                                      .n = size_of(o, r->n_index),
                                                      .jd = o->plan->jd[r->jd_index],
                                                      .sample = r->sample,
                                                      .log_count = e->log_count,
                                                      .error = e->error,
                                                      .equilibrated = e->equilibrated,
                                                      .found = e->found};
    if (++o->done % (cells * samples))
        return FL_OK;
    for (uint64_t c = 0; c < cells; c++)
        FL_CHECK(summary_row(o, r->n_index, o->rows + c * samples));
    return FL_OK;
}

/* ln of the exact count where it is asked for, else nan. */
static fl_status enumerated(const count_outputs *o, const fl_count_result *r, double *exact) {
    uint64_t count;
    *exact = NAN;
    if ((int64_t)r->network->n > o->enumerate)
        return FL_OK;
    fl_enumeration plan = {.jd = &o->plan->jd[r->jd_index],
                           .jd_count = 1,
                           .effort = fl_effort_within(&o->plan->effort, o->plan->effort.threads)};
    FL_CHECK(fl_enumerate(r->network, &plan, &count));
    *exact = log((double)count);
    return FL_OK;
}

/* A bound that holds covers. Rounding of logarithms is allowed for. */
static bool covers(const fl_count_estimate *e, double exact) {
    return exact >= e->low - 1e-12 * fabs(exact) && exact <= e->high + 1e-12 * fabs(exact);
}

static fl_status take_check(count_outputs *o, const fl_count_result *r) {
    const fl_count_estimate *a = &o->other, *b = r->estimate;
    double exact;
    if (b->method == FL_COUNT_ANNEAL) {
        o->other = *b;
        return FL_OK;
    }
    FL_CHECK(enumerated(o, r, &exact));
    const fl_cell cells[] = {
        FL_INT(size_of(o, r->n_index)),
        FL_NUM(o->plan->jd[r->jd_index]),
        FL_INT(r->sample),
        FL_NUM(a->log_count),
        FL_NUM(a->error),
        FL_NUM(b->log_count),
        FL_NUM(b->error),
        FL_NUM((a->log_count - b->log_count) / hypot(a->error, b->error)),
        FL_NUM(exact),
        FL_INT(isnan(exact) ? -1 : covers(a, exact)),
        FL_INT(isnan(exact) ? -1 : covers(b, exact)),
    };
    return fl_table_row(o->files.table, cells);
}

static fl_status store(count_outputs *o, const fl_count_result *r) {
    FL_CHECK(fl_store_begin(o->files.store, r->network->n, o->plan->jd[r->jd_index], r->sample));
    FL_CHECK(
        fl_store_append(o->files.store, r->points->spins, r->points->count, r->points->weights));
    if (o->store_networks && r->jd_index == 0)
        return fl_store_network(o->files.store, r->sample, r->network);
    return FL_OK;
}

fl_status count_outputs_take(void *context, const fl_count_result *r) {
    count_outputs *o = context;
    if (o->files.store)
        FL_CHECK(store(o, r));
    switch (o->what) {
    case COUNT_SUMMARY:
        return take_summary(o, r);
    case COUNT_CHECK:
        return take_check(o, r);
    default:
        return take_row(o, r);
    }
}
