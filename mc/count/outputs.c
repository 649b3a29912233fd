/* Rows, summaries, comparisons and stores of fl-count: see outputs.h. */
#include "mc/count/outputs.h"

#include <math.h>
#include <string.h>

#include "fixland/enumerate.h"

const fl_column count_rows[COUNT_DIAGNOSTICS] = {
    FL_COLUMNS_SAMPLE(FL_COLUMN_N),
    FL_COLUMNS_ESTIMATE(
        "log_count", "log_count_error", NULL,
        "ln of the number of fixed points; nan when not equilibrated, or where none was found"),
    {"equilibrated", FL_INTEGER, NULL,
     "1 when the populations agree with one another and with what their families predict"},
    {"method", FL_TEXT, NULL, "anneal or split"},
    {"low", FL_REAL, NULL,
     "95 % interval (by splitting at least 95 %) for ln of the number, from; it holds also where equilibrated is 0; -inf where "
     "none was found"},
    {"high", FL_REAL, NULL,
     "to: inf when not equilibrated (raise --population or --sweeps). Where none was found an "
     "upper bound, provided that the replicas sample the coldest measure fairly; below ln 2 = 0.69 "
     "it says that there is none"},
    {"raw", FL_REAL, NULL,
     "with --diagnostics, as all that follows: ln of the mean, whatever it is worth"},
    {"spread", FL_REAL, NULL, "relative standard deviation of the populations"},
    {"families", FL_REAL, NULL,
     "replicas of a population times the sum of squares of the shares of its first ancestors (1 to "
     "replicas)"},
    {"replicas", FL_INTEGER, NULL, "of a population"},
    {"excess", FL_REAL, NULL, "variance over what families predict"},
    {"acceptance", FL_REAL, NULL, "of moves, at the end"},
    {"fraction", FL_REAL, NULL, "of replicas at a fixed point, at the end"},
    {"steps", FL_INTEGER, NULL, "of the schedule"},
    {"distinct", FL_INTEGER, NULL,
     "largest number of different fixed points that a population ended with"},
    {"coincidences", FL_REAL, NULL, "of fixed points between populations"},
    {"log_count_coincidences", FL_REAL, NULL, "ln of the number of fixed points from them"},
    {"found", FL_INTEGER, NULL, "1 when a fixed point was found"},
};

const fl_column count_summary[COUNT_SUMMARY_COLUMNS] = {
    FL_COLUMNS_SAMPLES(FL_COLUMN_N),
    {"undecided", FL_INTEGER, NULL, "samples that have not equilibrated, left out of what follows"},
    {"fraction_empty", FL_REAL, NULL, "of samples without fixed point"},
    FL_COLUMNS_MEAN("entropy", "entropy_error", "nats",
                    "mean of log_count per neuron over the others (quenched)"),
    {"annealed", FL_REAL, "nats", "ln of the mean count per neuron"},
    {"annealed_error", FL_REAL, "nats",
     "its standard error, from the exact variance of the count where known"},
    {"closed_form", FL_REAL, "nats",
     "ln of the exact mean count per neuron at this n (nan where none is known)"},
    {"z", FL_REAL, NULL, "annealed against it in errors, nan with undecided samples"},
    {"limit", FL_REAL, "nats",
     "closed_form for n -> infinity: ln 2 Phi(jd) in the plain model (nan where none is known)"},
    {"lognormal", FL_REAL, "nats",
     "what entropy would be if counts were log-normal with their exact mean and variance"},
    {"method", FL_TEXT, NULL, "anneal or split"},
    FL_COLUMNS_ESTIMATE("log_variance", "log_variance_error", NULL,
                        "variance of log_count over the samples of entropy, less the mean square "
                        "of their own errors"),
    FL_COLUMNS_LAW,
};

const fl_column count_check[COUNT_CHECK_COLUMNS] = {
    FL_COLUMNS_SAMPLE(FL_COLUMN_N),
    FL_COLUMNS_ESTIMATE("anneal", "anneal_error", NULL,
                        "ln of the number by annealing; nan where not equilibrated or none found"),
    FL_COLUMNS_ESTIMATE("split", "split_error", NULL, "the same by splitting"),
    {"z", FL_REAL, NULL, "their difference in errors"},
    {"exact", FL_REAL, NULL,
     "ln of the number by enumeration (-inf: none), nan beyond --enumerate"},
    {"anneal_covers", FL_INTEGER, NULL,
     "1 when the 95 % interval or bound holds the exact number, 0 when not, -1 when it is not "
     "known"},
    {"split_covers", FL_INTEGER, NULL, "the same for splitting"},
};

static int64_t outputs_size_of(const count_outputs *o, size_t n_index) {
    return fl_instances_n(&o->plan->networks, n_index);
}

static fl_status take_row(count_outputs *o, const fl_count_result *r) {
    const fl_count_estimate *e = r->estimate;
    const fl_cell cells[] = {FL_INT(outputs_size_of(o, r->n_index)),
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

/* Per neuron. */
static fl_status summary_row(count_outputs *o, size_t n_index, const fl_count_row *rows) {
    const fl_count_samples_plan *plan = o->plan;
    const fl_instances *networks = &plan->networks;
    double neurons = (double)fl_instances_neurons(networks, n_index);
    double limit = NAN;
    fl_count_summary s;
    FL_CHECK(fl_count_summarise(rows, fl_instances_samples(networks), networks, n_index, &s));
    (void)fl_instances_entropy_limit(networks, rows->jd, &limit); /* nan where not known */
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
                             FL_STR(fl_count_method_name(rows->method)),
                             FL_NUM(s.log_variance.mean),
                             FL_NUM(s.log_variance.error),
                             FL_CELLS_LAW(s.law)};
    return fl_table_row(o->files.table, cells);
}

static fl_status take_summary(count_outputs *o, const fl_count_result *r) {
    const fl_count_estimate *e = r->estimate;
    uint64_t samples = fl_instances_samples(&o->plan->networks),
             cells = o->plan->jd_count * o->plan->method_count;
    uint64_t cell = o->done % cells, sample = o->done / cells % samples;
    o->rows[cell * samples + sample] = (fl_count_row){.method = e->method,
                                                      .n = outputs_size_of(o, r->n_index),
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
        FL_INT(outputs_size_of(o, r->n_index)),
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

static fl_status method_of(const fl_frame *rows, size_t row, fl_count_method *method) {
    size_t column;
    FL_CHECK(fl_frame_column(rows, "method", &column));
    const char *text = rows->text[row * rows->columns + column];
    for (int m = FL_COUNT_ANNEAL; m <= FL_COUNT_SPLIT; m++)
        if (strcmp(text, fl_count_method_name((fl_count_method)m)) == 0) {
            *method = (fl_count_method)m;
            return FL_OK;
        }
    return fl_fail(FL_EFORMAT, "row %zu: no method is called '%s'", row + 1, text);
}

/* What a summary needs of a row. */
static fl_status read_again(const fl_frame *rows, size_t row, double *n, double *jd,
                            uint64_t *sample, fl_count_estimate *e) {
    static const char *const names[] = {
        "n", "jd", "sample", "log_count", "log_count_error", "equilibrated"};
    double values[6];
    for (size_t k = 0; k < 6; k++) {
        size_t column;
        FL_CHECK(fl_frame_column(rows, names[k], &column));
        FL_CHECK(fl_frame_number(rows, row, column, &values[k]));
    }
    *n = values[0];
    *jd = values[1];
    *sample = (uint64_t)values[2];
    e->log_count = values[3];
    e->error = values[4];
    e->equilibrated = values[5] == 1;
    e->found = !isnan(values[3]); /* nan: not equilibrated, or none */
    return method_of(rows, row, &e->method);
}

fl_status count_outputs_again(count_outputs *o, const fl_frame *rows) {
    const fl_count_samples_plan *plan = o->plan;
    uint64_t samples = fl_instances_samples(&plan->networks), methods = plan->method_count,
             cells = plan->jd_count * methods,
             all = fl_instances_sizes(&plan->networks) * samples * cells;
    if (rows->rows != all)
        return fl_fail(FL_EMISMATCH, "%zu rows where the run has %llu", rows->rows,
                       (unsigned long long)all);
    for (size_t row = 0; row < rows->rows; row++) {
        uint64_t instance = row / cells, sample;
        fl_count_estimate e = {.method = FL_COUNT_ANNEAL};
        fl_count_result r = {.n_index = (size_t)(instance / samples),
                             .jd_index = (size_t)(row % cells / methods),
                             .sample = instance % samples,
                             .estimate = &e};
        double n, jd;
        FL_CHECK(read_again(rows, row, &n, &jd, &sample, &e));
        if (n != (double)outputs_size_of(o, r.n_index) || jd != plan->jd[r.jd_index] ||
            sample != r.sample)
            return fl_fail(FL_EMISMATCH, "row %zu is not of the sample that comes next", row + 1);
        FL_CHECK(count_outputs_take(o, &r));
    }
    return FL_OK;
}
