/* A learner: its weights, and their names. */
#include "mc/learn/learner.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const names[KINDS] = {"J", "W_in", "F", "G", "W_out", "W_back"};

/* Rows and columns of the matrix; zero rows where the architecture has none. */
static void weights_shape(const fl_learner *l, kind k, size_t module, size_t *rows, size_t *cols) {
    const fl_training *t = &l->t;
    bool chained = t->chain == FL_CHAIN_FORWARD || t->chain == FL_CHAIN_BOTH;
    bool there[KINDS] = {
        [KIND_J] = t->coupling != 0 || t->rate_J != 0,
        [KIND_IN] = t->input == FL_INPUT_DENSE && (module == 0 || t->input_all),
        [KIND_FORWARD] = chained && module > 0,
        [KIND_BACKWARD] = t->chain == FL_CHAIN_BOTH && module + 1 < t->modules,
        [KIND_OUT] = t->target == FL_TARGET_READOUT && module >= first_read(l),
        [KIND_BACK] = t->target == FL_TARGET_READOUT && module >= first_fed(l),
    };
    *rows = !there[k] ? 0 : k == KIND_OUT ? l->outputs : t->hidden;
    *cols = k == KIND_IN ? l->features : k == KIND_BACK ? l->outputs : t->hidden;
}

bool kind_learns(const fl_training *t, kind k) {
    const double rates[KINDS] = {t->rate_J,     t->rate_in,  t->rate_chain,
                                 t->rate_chain, t->rate_out, t->rate_back};
    return rates[k] != 0;
}

/* `like`: the same matrices as there, those that learn; NULL: all of the architecture. */
fl_status weights_new(weights *w, const fl_learner *l, const weights *like) {
    for (int k = 0; k < KINDS; k++) {
        w->of[k] = calloc(l->t.modules, sizeof *w->of[k]);
        if (!w->of[k])
            return fl_fail(FL_ENOMEM, "out of memory for %zu modules", l->t.modules);
        for (size_t m = 0; m < l->t.modules; m++) {
            size_t rows, cols;
            weights_shape(l, (kind)k, m, &rows, &cols);
            if (rows && (!like || kind_learns(&l->t, (kind)k)))
                FL_CHECK(matrix_new(&w->of[k][m], rows, cols));
        }
    }
    return FL_OK;
}

void weights_free(weights *w, size_t modules) {
    for (int k = 0; k < KINDS; k++) {
        for (size_t m = 0; w->of[k] && m < modules; m++)
            matrix_free(&w->of[k][m]);
        free(w->of[k]);
        w->of[k] = NULL;
    }
}

static void draw_weights(fl_learner *l) {
    const fl_training *t = &l->t;
    double hidden = sqrt((double)t->hidden);
    const double deviation[KINDS] = {
        t->coupling / hidden, t->lambda_in / sqrt((double)l->features), 1 / hidden, 1 / hidden,
        1 / hidden,           t->lambda_back / sqrt((double)l->outputs)};
    for (int k = 0; k < KINDS; k++)
        for (size_t m = 0; m < t->modules; m++) {
            matrix *w = weight(&l->now, (kind)k, m);
            fl_rng rng = fl_rng_stream(l->seed, FL_PURPOSE_WEIGHTS, (uint64_t)k, m);
            if (w->w && k == KIND_J)
                matrix_draw_couplings(w, deviation[k], t->symmetry, &rng);
            else if (w->w)
                matrix_draw(w, deviation[k], &rng);
        }
}

/* Between modules m and m + 1, up or down. Paired ones are drawn once, for both directions. */
static fl_status make_links(fl_learner *l, links *k, double strength, size_t m, bool up) {
    const fl_training *t = &l->t;
    if (!chain_is_sparse(t))
        return links_identity(k, t->hidden, strength);
    bool reversed = t->chain == FL_CHAIN_PAIRED && !up;
    fl_rng rng =
        fl_rng_stream(l->seed, FL_PURPOSE_WEIGHTS, KINDS, 2 * m + (uint64_t)(!up && !reversed));
    return links_random(k, t->hidden, t->degree, strength / sqrt((double)t->degree), reversed,
                        &rng);
}

/* From every module but the last to the next, or but the first to the one before. */
static fl_status make_all_links(fl_learner *l, links **all, double strength, bool up) {
    size_t modules = l->t.modules;
    if (modules < 2 || strength == 0)
        return FL_OK;
    *all = calloc(modules, sizeof **all);
    if (!*all)
        return fl_fail(FL_ENOMEM, "out of memory for %zu modules", modules);
    for (size_t m = 0; m + 1 < modules; m++)
        FL_CHECK(make_links(l, *all + (up ? m : m + 1), strength, m, up));
    return FL_OK;
}

static fl_status learner_build(fl_learner *l) {
    for (int k = 0; k < KINDS; k++)
        l->pending[k] = 1;
    FL_CHECK(weights_new(&l->now, l, NULL));
    if (l->t.average)
        FL_CHECK(weights_new(&l->mean, l, &l->now));
    FL_CHECK(make_all_links(l, &l->up, fl_training_left(&l->t), true));
    FL_CHECK(make_all_links(l, &l->down, fl_training_right(&l->t), false));
    draw_weights(l);
    return FL_OK;
}

/* Do the sizes of the data fit what is laid on the neurons themselves? */
static fl_status check_sizes(const fl_training *t, size_t features, size_t outputs) {
    if (features < 1 || outputs < 1 || outputs > 65535)
        return fl_fail(FL_EINVAL,
                       "%zu features and %zu outputs; allowed: at least 1 of each, at most 65535 "
                       "outputs",
                       features, outputs);
    if (t->input == FL_INPUT_DIRECT && features != t->hidden)
        return fl_fail(FL_EINVAL,
                       "input = direct with %zu features; allowed: as many as the %zu neurons of "
                       "a module",
                       features, t->hidden);
    if (t->start == FL_START_INPUT && features != t->hidden)
        return fl_fail(FL_EINVAL,
                       "start = input with %zu features; allowed: as many as the %zu neurons of a "
                       "module",
                       features, t->hidden);
    if (t->target == FL_TARGET_STATE && outputs != t->hidden)
        return fl_fail(FL_EINVAL,
                       "target = state with %zu outputs; allowed: as many as the %zu neurons of a "
                       "module",
                       outputs, t->hidden);
    return FL_OK;
}

fl_status fl_learner_new(fl_learner **learner, const fl_training *training, size_t features,
                         size_t outputs, uint64_t seed) {
    FL_CHECK(fl_training_check(training));
    FL_CHECK(check_sizes(training, features, outputs));
    fl_learner *l = calloc(1, sizeof *l);
    if (!l)
        return fl_fail(FL_ENOMEM, "out of memory for a learner");
    l->t = *training;
    l->features = features;
    l->outputs = outputs;
    l->seed = seed;
    l->padded = (training->hidden + FL_BLOCK - 1) / FL_BLOCK * FL_BLOCK;
    l->neurons = l->padded * training->modules;
    l->kernel = fl_blocked_choose();
    l->least_work = 2e7;
    fl_status status = learner_build(l);
    if (status == FL_OK)
        *learner = l;
    else
        fl_learner_free(l);
    return status;
}

void fl_learner_free(fl_learner *l) {
    if (!l)
        return;
    weights_free(&l->now, l->t.modules);
    weights_free(&l->mean, l->t.modules);
    for (size_t m = 0; m < l->t.modules; m++) {
        if (l->up)
            links_free(&l->up[m]);
        if (l->down)
            links_free(&l->down[m]);
    }
    free(l->up);
    free(l->down);
    if (l->scratch)
        batch_free(l->scratch);
    free(l->scratch);
    free(l);
}

const fl_training *fl_learner_training(const fl_learner *learner) {
    return &learner->t;
}

/* The arrays in their order: weights, means, links, the count of means. */
typedef struct array {
    char name[32];
    size_t rows, cols;
    matrix *weights;
    links *links;
} array;

static bool find_weights(const weights *w, size_t modules, const char *prefix, size_t *k,
                         array *a) {
    for (int c = 0; c < KINDS; c++)
        for (size_t m = 0; w->of[c] && m < modules; m++) {
            matrix *found = &w->of[c][m];
            if (!found->w || (*k)-- > 0)
                continue;
            *a = (array){.rows = found->rows, .cols = found->cols, .weights = found};
            snprintf(a->name, sizeof a->name, "%s%s%zu", prefix, names[c], m);
            return true;
        }
    return false;
}

static bool find_links(links *all, size_t modules, const char *prefix, size_t *k, array *a) {
    for (size_t m = 0; all && m < modules; m++) {
        if (!all[m].source || (*k)-- > 0)
            continue;
        *a = (array){.rows = all[m].neurons, .cols = all[m].degree, .links = &all[m]};
        snprintf(a->name, sizeof a->name, "%s%zu", prefix, m);
        return true;
    }
    return false;
}

/* Array k; false: there are fewer, *k is how much too far. */
static bool learner_array(const fl_learner *l, size_t *k, array *a) {
    size_t modules = l->t.modules;
    if (find_weights(&l->now, modules, "", k, a) ||
        find_weights(&l->mean, modules, "average/", k, a) ||
        find_links(l->up, modules, "up", k, a) || find_links(l->down, modules, "down", k, a))
        return true;
    if (!l->t.average || (*k)-- > 0)
        return false;
    *a = (array){.name = "average/count", .rows = 1, .cols = 1};
    return true;
}

size_t fl_learner_arrays(const fl_learner *learner) {
    size_t left = SIZE_MAX;
    array a;
    learner_array(learner, &left, &a);
    return SIZE_MAX - left;
}

fl_status fl_learner_array(const fl_learner *learner, size_t k, char name[32], size_t *rows,
                           size_t *columns) {
    array a;
    size_t left = k;
    if (!learner_array(learner, &left, &a))
        return fl_fail(FL_EINVAL, "array %zu of a learner that has %zu", k,
                       fl_learner_arrays(learner));
    memcpy(name, a.name, sizeof a.name);
    *rows = a.rows;
    *columns = a.cols;
    return FL_OK;
}

void fl_learner_get(const fl_learner *learner, size_t k, float *values) {
    array a;
    if (!learner_array(learner, &k, &a))
        return;
    if (a.weights)
        matrix_get(a.weights, values);
    else if (!a.links)
        *values = (float)learner->averaged;
    for (size_t e = 0; a.links && e < a.rows * a.cols; e++)
        values[e] = (float)a.links->source[e];
}

fl_status fl_learner_set(fl_learner *learner, size_t k, const float *values) {
    array a;
    if (!learner_array(learner, &k, &a))
        return fl_fail(FL_EINVAL, "no array %zu in this learner", k);
    for (size_t e = 0; e < a.rows * a.cols; e++)
        if (!isfinite(values[e]) ||
            (!a.weights &&
             !(values[e] >= 0 && values[e] < (a.links ? (float)learner->t.hidden : 1.6e7f))))
            return fl_fail(FL_EFORMAT, "%s: value %zu is %g", a.name, e, (double)values[e]);
    if (a.weights)
        matrix_set(a.weights, values);
    else if (!a.links)
        learner->averaged = (uint64_t)*values;
    for (size_t e = 0; a.links && e < a.rows * a.cols; e++)
        a.links->source[e] = (uint32_t)values[e];
    return a.links ? links_index(a.links) : FL_OK;
}

/* Array `name` of a learner into *k; false: it has none of that name and size. */
static bool find_array(const fl_learner *l, const char *name, size_t rows, size_t columns,
                       size_t *k) {
    char other[32];
    size_t rows2, columns2, count = fl_learner_arrays(l);
    for (*k = 0; *k < count; ++*k)
        if (fl_learner_array(l, *k, other, &rows2, &columns2) == FL_OK && strcmp(name, other) == 0)
            return rows == rows2 && columns == columns2;
    return false;
}

fl_status fl_learner_copy(fl_learner *to, const fl_learner *from) {
    char name[32];
    size_t rows, columns, source;
    for (size_t k = 0; k < fl_learner_arrays(to); k++) {
        FL_CHECK(fl_learner_array(to, k, name, &rows, &columns));
        if (strncmp(name, "average/", 8) == 0)
            continue;
        if (!find_array(from, name, rows, columns, &source))
            return fl_fail(FL_EMISMATCH,
                           "the model has no %s of %zu x %zu; its architecture and the sizes of "
                           "its data cannot be changed",
                           name, rows, columns);
        float *values = malloc(rows * columns * sizeof *values);
        if (!values)
            return fl_fail(FL_ENOMEM, "out of memory for %s", name);
        fl_learner_get(from, source, values);
        fl_status status = fl_learner_set(to, k, values);
        free(values);
        FL_CHECK(status);
    }
    return FL_OK;
}
