/* m-tuples of fixed points of a chain of modules: see chain_tuples.h.
 *
 * For whole m the entropy is a finite sum. A replica's spins of one neuron index in L modules are
 * one of 2^L types; a column of m replicas is a number of replicas of each type, in
 * m!/(c_1! c_2! ...) ways. Given them, module l contributes
 *   P_l = Int Dz Prod_a Phi((J + lambda s_a b_a + s_a sqrt(q_l) z)/sqrt(1-q_l)),
 * b_a the sum of the neighbouring modules' spins, which depends on the numbers of replicas with each
 * (s, s b) alone, and exp(h_l (M_l^2 - m)/2) with the multiplier h_l, M_l the sum of the spins. F is
 * the logarithm of the sum of all that less the Legendre part, least over the h_l (it is convex). In
 * a chain without end the columns of neighbouring modules meet in a transfer matrix. */
#include "fixland/chain_tuples.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fixland/gaussian.h"
#include "src/core/positive.h"
#include "src/core/room.h"
#include "theory/replica.h"

enum { CLASSES = 6, MODULES = FL_CHAIN_TUPLES_MODULES };

/* ---- the factor of one module ---- */

/* ln P by the numbers of replicas in each class, tabulated as they come up. */
typedef struct module_factor {
    size_t m, nodes;
    double *log_weight, *log_phi; /* nodes; nodes x CLASSES */
    double *table;                /* (m+1)^CLASSES; nan: not yet known */
} module_factor;

/* Class of a replica: its spin, and the number of neighbours that agree with it less those that do
 * not, -2 to 2; `ends` has one neighbour or none. */
static int class_of(int spin, int neighbours) {
    return (spin > 0 ? 3 : 0) + (spin * neighbours + 2) / 2;
}

static double class_alignment(int class, bool odd) {
    int half = class % 3; /* -2, 0, 2; or -1, 1 in the first two */
    return odd ? 2 * half - 1 : 2 * half - 2;
}

static void factor_clear(module_factor *f) {
    free(f->log_weight);
    free(f->log_phi);
    free(f->table);
    memset(f, 0, sizeof *f);
}

/* The integrand is an entire function that varies on the scale w = sqrt((1-q)/q): the trapezoidal
 * sum converges faster than any power once its step is below that. `odd`: one neighbour. */
static fl_status factor_make(module_factor *f, const fl_chain_tuples *at, double q, bool odd,
                             int level) {
    double step = fmin(q > 0 ? sqrt((1 - q) / q) / 3 : 1, 0.2) / (1 << level);
    size_t half = (size_t)ceil(9.5 / step), size = 1;
    *f = (module_factor){.m = at->m, .nodes = 2 * half + 1};
    for (int k = 0; k < CLASSES; k++)
        size *= at->m + 1;
    f->log_weight = malloc(f->nodes * sizeof *f->log_weight);
    f->log_phi = malloc(f->nodes * CLASSES * sizeof *f->log_phi);
    f->table = malloc(size * sizeof *f->table);
    if (!f->log_weight || !f->log_phi || !f->table) {
        factor_clear(f);
        return fl_fail(FL_ENOMEM, "no memory for %zu replicas", at->m);
    }
    for (size_t k = 0; k < size; k++)
        f->table[k] = NAN;
    for (size_t k = 0; k < f->nodes; k++) {
        double z = step * ((double)k - (double)half);
        f->log_weight[k] = log(step) - 0.5 * z * z - 0.5 * log(2 * M_PI);
        for (int c = 0; c < CLASSES; c++) {
            double spin = c >= 3 ? 1 : -1;
            f->log_phi[CLASSES * k + (size_t)c] = fl_log_normal_cdf(
                (at->jd + at->lambda * class_alignment(c, odd) + spin * sqrt(q) * z) / sqrt(1 - q));
        }
    }
    return FL_OK;
}

static double integral_of(const module_factor *f, const int counts[CLASSES]) {
    double top = -INFINITY, sum = 0;
    for (int pass = 0; pass < 2; pass++)
        for (size_t k = 0; k < f->nodes; k++) {
            double x = f->log_weight[k];
            for (int c = 0; c < CLASSES; c++)
                if (counts[c])
                    x += counts[c] * f->log_phi[CLASSES * k + (size_t)c];
            if (pass == 0)
                top = fmax(top, x);
            else if (x > top - FL_LOG_NEGLIGIBLE)
                sum += exp(x - top);
        }
    return top + log(sum);
}

static double factor_log(module_factor *f, const int counts[CLASSES]) {
    size_t index = 0;
    for (int c = 0; c < CLASSES; c++)
        index = index * (f->m + 1) + (size_t)counts[c];
    if (isnan(f->table[index]))
        f->table[index] = integral_of(f, counts);
    return f->table[index];
}

/* ---- few modules ---- */

/* A column of replicas, with the sums of their spins in each module. */
typedef struct column {
    double log_weight;
    int8_t spin_sum[MODULES];
} column;

typedef struct columns {
    const fl_chain_tuples *at;
    module_factor factor[MODULES];
    size_t count, room;
    column *list;
} columns;

static int spin_of(int type, size_t module) {
    return type >> module & 1 ? 1 : -1;
}

static int neighbours_of(int type, size_t module, size_t modules) {
    return (module > 0 ? spin_of(type, module - 1) : 0) +
           (module + 1 < modules ? spin_of(type, module + 1) : 0);
}

/* A module of its own has no neighbour, which is alignment 0. */
static bool is_odd(size_t module, size_t modules) {
    return modules > 1 && (module == 0 || module + 1 == modules);
}

static int class_in(int type, size_t module, size_t modules) {
    int spin = spin_of(type, module), around = neighbours_of(type, module, modules);
    return is_odd(module, modules) ? (spin > 0 ? 3 : 0) + (spin * around + 1) / 2
                                   : class_of(spin, around);
}

static fl_status add_column(columns *c, const int *of_type) {
    const fl_chain_tuples *at = c->at;
    size_t modules = at->modules;
    if (c->count == c->room) {
        column *list = room_more(c->list, &c->room, sizeof *list, "columns of replicas");
        if (!list)
            return FL_ENOMEM;
        c->list = list;
    }
    column *added = &c->list[c->count++];
    double log_weight = lgamma((double)at->m + 1);
    for (int t = 0; t < 1 << modules; t++)
        log_weight -= lgamma(of_type[t] + 1.0);
    for (size_t l = 0; l < modules; l++) {
        int counts[CLASSES] = {0}, sum = 0;
        for (int t = 0; t < 1 << modules; t++) {
            counts[class_in(t, l, modules)] += of_type[t];
            sum += of_type[t] * spin_of(t, l);
        }
        log_weight += factor_log(&c->factor[l], counts);
        added->spin_sum[l] = (int8_t)sum;
    }
    added->log_weight = log_weight;
    return FL_OK;
}

/* All ways to give `left` replicas one of the types from `type` on. */
static fl_status add_columns(columns *c, int *of_type, int type, int left) {
    if (type + 1 == 1 << c->at->modules) {
        of_type[type] = left;
        return add_column(c, of_type);
    }
    for (of_type[type] = 0; of_type[type] <= left; of_type[type]++)
        FL_CHECK(add_columns(c, of_type, type + 1, left - of_type[type]));
    return FL_OK;
}

/* The sum at given multipliers: ln of it, with mean and covariance of the pair sums. */
static double sum_columns(const columns *c, const double *h, double *mean, double *covariance) {
    size_t modules = c->at->modules;
    double top = -INFINITY, sum = 0, m = (double)c->at->m, x[MODULES];
    memset(mean, 0, modules * sizeof *mean);
    memset(covariance, 0, modules * modules * sizeof *covariance);
    for (int pass = 0; pass < 2; pass++)
        for (size_t k = 0; k < c->count; k++) {
            double exponent = c->list[k].log_weight;
            for (size_t l = 0; l < modules; l++) {
                double total = c->list[k].spin_sum[l];
                x[l] = 0.5 * (total * total - m);
                exponent += h[l] * x[l];
            }
            if (pass == 0) {
                top = fmax(top, exponent);
                continue;
            }
            double w = exp(exponent - top);
            sum += w;
            for (size_t l = 0; l < modules; l++) {
                mean[l] += w * x[l];
                for (size_t i = 0; i < modules; i++)
                    covariance[l * modules + i] += w * x[l] * x[i];
            }
        }
    for (size_t l = 0; l < modules; l++)
        mean[l] /= sum;
    for (size_t l = 0; l < modules; l++)
        for (size_t i = 0; i < modules; i++)
            covariance[l * modules + i] = covariance[l * modules + i] / sum - mean[l] * mean[i];
    return top + log(sum);
}

/* Newton's method for the least value, with halved steps where it does not fall. */
static fl_status least_over_multipliers(const columns *c, double *value) {
    const fl_chain_tuples *at = c->at;
    size_t modules = at->modules;
    double h[MODULES] = {0}, mean[MODULES], covariance[MODULES * MODULES];
    double pairs = 0.5 * (double)(at->m * (at->m - 1)), before = INFINITY;
    for (int step = 0; step < 200; step++) {
        double f = sum_columns(c, h, mean, covariance), move[MODULES], slope = 0;
        for (size_t l = 0; l < modules; l++) {
            f -= pairs * at->overlap[l] * h[l];
            move[l] = pairs * at->overlap[l] - mean[l];
        }
        double gradient[MODULES];
        memcpy(gradient, move, sizeof gradient);
        gsl_matrix_view matrix = gsl_matrix_view_array(covariance, modules, modules);
        gsl_vector_view step_of = gsl_vector_view_array(move, modules);
        fl_status status = positive_solve(&matrix.matrix, &step_of.vector);
        if (status == FL_EDOMAIN)
            break;
        FL_CHECK(status);
        for (size_t l = 0; l < modules; l++)
            slope += gradient[l] * move[l];
        *value = f / (double)modules;
        if (slope < 1e-24 ||
            (step > 3 && fabs(f - before) < 1e-15 * (1 + fabs(f)) && slope < 1e-12))
            return FL_OK;
        before = f;
        double size = 1;
        for (int halving = 0; halving < 40; halving++, size *= 0.5) {
            double trial[MODULES], ignore[MODULES], ignored[MODULES * MODULES];
            for (size_t l = 0; l < modules; l++)
                trial[l] = h[l] + size * move[l];
            double there = sum_columns(c, trial, ignore, ignored);
            for (size_t l = 0; l < modules; l++)
                there -= pairs * at->overlap[l] * trial[l];
            if (there <= f - 1e-4 * size * slope || slope < 1e-10) {
                memcpy(h, trial, sizeof h);
                break;
            }
        }
    }
    return fl_fail(FL_UNDECIDED, "no multipliers found for these overlaps of %zu replicas", at->m);
}

static fl_status few_modules(const fl_chain_tuples *at, int level, double *value) {
    columns c = {.at = at};
    int of_type[1 << MODULES] = {0};
    fl_status status = FL_OK;
    for (size_t l = 0; status == FL_OK && l < at->modules; l++)
        status = factor_make(&c.factor[l], at, at->overlap[l], is_odd(l, at->modules), level);
    if (status == FL_OK)
        status = add_columns(&c, of_type, 0, (int)at->m);
    if (status == FL_OK)
        status = least_over_multipliers(&c, value);
    for (size_t l = 0; l < MODULES; l++)
        factor_clear(&c.factor[l]);
    free(c.list);
    return status;
}

/* ---- a chain without end ---- */

/* Columns of replicas are numbers of m bits. weights[(a 2^m + b) 2^m + c]: P of the middle one. */
typedef struct endless {
    size_t m, states;
    double *weights, *vector, *next;
    double *pair_sum; /* of each column */
    double scale;     /* weights are in units of e^scale */
} endless;

static void endless_clear(endless *e) {
    free(e->weights);
    free(e->vector);
    free(e->next);
    free(e->pair_sum);
}

static fl_status endless_make(endless *e, const fl_chain_tuples *at, int level) {
    size_t n = (size_t)1 << at->m;
    module_factor f;
    *e = (endless){.m = at->m, .states = n, .scale = -INFINITY};
    FL_CHECK(factor_make(&f, at, at->overlap[0], false, level));
    e->weights = malloc(n * n * n * sizeof *e->weights);
    e->vector = malloc(n * n * sizeof *e->vector);
    e->next = malloc(n * n * sizeof *e->next);
    e->pair_sum = malloc(n * sizeof *e->pair_sum);
    if (!e->weights || !e->vector || !e->next || !e->pair_sum) {
        factor_clear(&f);
        endless_clear(e);
        return fl_fail(FL_ENOMEM, "no memory for %zu replicas", at->m);
    }
    for (size_t k = 0; k < n * n; k++)
        e->vector[k] = 1;
    for (size_t k = 0; k < n * n * n; k++) {
        size_t around[2] = {k / n / n, k % n}, middle = k / n % n;
        int counts[CLASSES] = {0};
        for (size_t a = 0; a < at->m; a++)
            counts[class_of(spin_of((int)middle, a),
                            spin_of((int)around[0], a) + spin_of((int)around[1], a))]++;
        e->weights[k] = factor_log(&f, counts);
        e->scale = fmax(e->scale, e->weights[k]);
    }
    for (size_t k = 0; k < n * n * n; k++)
        e->weights[k] = exp(e->weights[k] - e->scale);
    for (size_t s = 0; s < n; s++) {
        double total = 0;
        for (size_t a = 0; a < at->m; a++)
            total += spin_of((int)s, a);
        e->pair_sum[s] = 0.5 * (total * total - (double)at->m);
    }
    factor_clear(&f);
    return FL_OK;
}

/* The largest eigenvalue of (a, b) -> (b, c) with the multiplier h on b, by iteration from the
 * vector before; its log, and the mean pair sum, by the vector and its mirror image. */
static fl_status largest_eigenvalue(endless *e, double h, double *log_largest, double *mean) {
    size_t n = e->states;
    double largest = 0, most = h * 0.5 * (double)(e->m * (e->m - 1));
    for (int step = 0; step < 5000; step++) {
        double before = largest, off = 0;
        largest = 0;
        for (size_t b = 0; b < n; b++) {
            double w = exp(h * e->pair_sum[b] - most);
            for (size_t c = 0; c < n; c++) {
                double sum = 0;
                for (size_t a = 0; a < n; a++)
                    sum += e->vector[a * n + b] * e->weights[(a * n + b) * n + c];
                e->next[b * n + c] = w * sum;
                largest = fmax(largest, w * sum);
            }
        }
        for (size_t k = 0; k < n * n; k++) {
            e->next[k] /= largest;
            off = fmax(off, fabs(e->next[k] - e->vector[k]));
            e->vector[k] = e->next[k];
        }
        if (off < 1e-12 && fabs(largest - before) < 1e-14 * largest)
            break;
        if (step == 4999)
            return fl_fail(FL_UNDECIDED, "the transfer matrix of %zu replicas does not settle",
                           e->m);
    }
    double sum = 0, weighted = 0;
    for (size_t b = 0; b < n; b++) {
        double here = 0;
        for (size_t a = 0; a < n; a++)
            for (size_t c = 0; c < n; c++)
                here +=
                    e->vector[a * n + b] * e->weights[(a * n + b) * n + c] * e->vector[c * n + b];
        here *= exp(h * e->pair_sum[b] - most);
        sum += here;
        weighted += here * e->pair_sum[b];
    }
    *log_largest = log(largest) + most + e->scale;
    *mean = weighted / sum;
    return FL_OK;
}

/* The multiplier by false position (Illinois): the mean pair sum grows with it. */
static fl_status endless_chain(const fl_chain_tuples *at, int level, double *value) {
    endless e;
    double pairs = 0.5 * (double)(at->m * (at->m - 1)), q = at->overlap[0], log_largest, mean;
    double low = 0, high = 1, f_low, f_high;
    FL_CHECK(endless_make(&e, at, level));
    fl_status status = largest_eigenvalue(&e, low, &log_largest, &mean);
    f_low = mean - pairs * q;
    if (status == FL_OK && f_low > 0)
        status = fl_fail(FL_EDOMAIN, "the overlap %g needs a negative multiplier", q);
    for (f_high = -1; status == FL_OK && f_high < 0 && high < 1e4; high *= 2) {
        status = largest_eigenvalue(&e, high, &log_largest, &mean);
        f_high = mean - pairs * q;
        if (f_high < 0)
            low = high, f_low = f_high;
        else
            break;
    }
    for (int step = 0, side = 0; status == FL_OK && step < 100; step++) {
        double h = (low * f_high - high * f_low) / (f_high - f_low);
        status = largest_eigenvalue(&e, h, &log_largest, &mean);
        double f = mean - pairs * q;
        *value = log_largest - pairs * q * h;
        if (fabs(f) < 1e-10 * pairs || high - low < 1e-12 * high)
            break;
        if (f < 0) {
            low = h, f_low = f;
            f_high *= side == -1 ? 0.5 : 1;
            side = -1;
        } else {
            high = h, f_high = f;
            f_low *= side == 1 ? 0.5 : 1;
            side = 1;
        }
    }
    endless_clear(&e);
    return status;
}

/* ---- entropies and thresholds ---- */

static fl_status check_chain_tuples(const fl_chain_tuples *at) {
    size_t most = at->modules == 0 ? 5 : at->modules == 4 ? 6 : FL_CHAIN_TUPLES_M;
    if (at->modules > MODULES)
        return fl_fail(FL_EINVAL, "%zu modules; allowed: 1 to %d, or infinitely many", at->modules,
                       MODULES);
    if (at->m < 2 || at->m > most)
        return fl_fail(FL_EINVAL, "%zu replicas; allowed: 2 to %zu for such a chain", at->m, most);
    if (!(at->jd >= -1 && at->jd <= 20 && at->lambda >= 0 && at->lambda <= 20))
        return fl_fail(FL_EINVAL, "J_D = %g, lambda = %g are not in [-1, 20] and [0, 20]", at->jd,
                       at->lambda);
    for (size_t l = 0; l < (at->modules ? at->modules : 1); l++)
        if (!(at->overlap[l] >= 0 && at->overlap[l] <= 1 - 1e-5))
            return fl_fail(FL_EINVAL, "overlap %g is not in [0, 1 - 1e-5]", at->overlap[l]);
    return FL_OK;
}

static fl_status chain_entropy_on(const fl_chain_tuples *at, int level, double *value) {
    return at->modules ? few_modules(at, level, value) : endless_chain(at, level, value);
}

fl_status fl_chain_tuples_entropy(const fl_chain_tuples *at, double *value, double *error) {
    double coarse;
    FL_CHECK(check_chain_tuples(at));
    FL_CHECK(chain_entropy_on(at, 0, &coarse));
    FL_CHECK(chain_entropy_on(at, 1, value));
    *error = fabs(*value - coarse) + 1e-14;
    return FL_OK;
}

/* A search at given control parameter. */
typedef struct gap_search {
    fl_chain_tuples at;
    bool in_lambda;
    int level;
    double distance; /* where F is least */
} gap_search;

static fl_status value_at(gap_search *s, double log_distance, double *value) {
    for (size_t l = 0; l < MODULES; l++)
        s->at.overlap[l] = 1 - 2 * exp(log_distance);
    return chain_entropy_on(&s->at, s->level, value);
}

/* The least F over distances e^low .. e^high, by golden sections. */
static fl_status least_between(gap_search *s, double low, double high, double width,
                               double *least) {
    const double part = 0.5 * (sqrt(5) - 1);
    double left = high - part * (high - low), right = low + part * (high - low), f_left, f_right;
    FL_CHECK(value_at(s, left, &f_left));
    FL_CHECK(value_at(s, right, &f_right));
    while (high - low > width) {
        if (f_left < f_right) {
            high = right, right = left, f_right = f_left;
            left = high - part * (high - low);
            FL_CHECK(value_at(s, left, &f_left));
        } else {
            low = left, left = right, f_left = f_right;
            right = low + part * (high - low);
            FL_CHECK(value_at(s, right, &f_right));
        }
    }
    *least = fmin(f_left, f_right);
    s->distance = exp(f_left < f_right ? left : right);
    return FL_OK;
}

/* The least F at a control parameter: near the distance known, or a scan without one. */
static fl_status least_value(gap_search *s, double control, double *least) {
    *(s->in_lambda ? &s->at.lambda : &s->at.jd) = control;
    if (s->distance > 0)
        return least_between(s, log(s->distance) - 0.3, fmin(log(s->distance) + 0.3, log(0.45)),
                             1e-4, least);
    double best = INFINITY, where = 0, value;
    for (double x = log(2e-4); x < log(0.3); x += 0.35) {
        FL_CHECK(value_at(s, x, &value));
        if (value < best)
            best = value, where = x;
    }
    return least_between(s, where - 0.35, where + 0.35, 1e-4, least);
}

/* The secant from two guesses, kept within [low, high], where F goes from below to above 0. */
static fl_status solve_gap(gap_search *s, double low, double high, double *control) {
    double f_low, f_high, f = INFINITY;
    FL_CHECK(least_value(s, low, &f_low));
    if (f_low > 0)
        return fl_fail(FL_EDOMAIN, "no overlap gap is left at %g already", low);
    s->distance = 0;
    FL_CHECK(least_value(s, high, &f_high));
    if (f_high < 0)
        return fl_fail(FL_EDOMAIN, "the overlap gap has not closed at %g", high);
    s->distance = 0;
    for (int step = 0, side = 0; step < 60 && fabs(f) > 1e-13 && high - low > 1e-12; step++) {
        *control = (low * f_high - high * f_low) / (f_high - f_low);
        FL_CHECK(least_value(s, *control, &f));
        if (step < 4)
            s->distance = 0;
        if (f < 0) {
            low = *control, f_low = f;
            f_high *= side == -1 ? 0.5 : 1;
            side = -1;
        } else {
            high = *control, f_high = f;
            f_low *= side == 1 ? 0.5 : 1;
            side = 1;
        }
    }
    return FL_OK;
}

fl_status fl_chain_tuples_gap(const fl_chain_tuples *at, bool in_lambda, fl_threshold *gap) {
    gap_search s = {.at = *at, .in_lambda = in_lambda};
    memset(s.at.overlap, 0, sizeof s.at.overlap);
    FL_CHECK(check_chain_tuples(&s.at));
    double coarse = NAN, fine, slope, above;
    FL_CHECK(solve_gap(&s, 0, in_lambda ? 0.6 : 1, &coarse));
    /* On the finer grid: one secant step is enough. */
    s.level = 1;
    FL_CHECK(least_value(&s, coarse, &fine));
    double here = s.distance;
    FL_CHECK(least_value(&s, coarse + 1e-5, &above));
    slope = (above - fine) / 1e-5;
    double control = coarse - fine / slope;
    *gap = (fl_threshold){.control = control,
                          .error = fabs(control - coarse) + 1e-9,
                          .m = (double)at->m,
                          .q = 1 - 2 * here,
                          .qh = NAN,
                          .distance = here};
    return FL_OK;
}
