/* See grid.h. */
#include "mc/learn/grid.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double most_points = 1e6;

static fl_status add_axis(grid *g, const fl_field *p, const fl_field_value *v) {
    fl_reals list;
    FL_CHECK(fl_field_values(p, v, true, &list));
    if (list.count > 1)
        g->axes[g->count++] = (axis){p, list};
    else
        free(list.values);
    return FL_OK;
}

static fl_status count_points(grid *g) {
    double points = 1, extra = 0;
    for (size_t k = 0; k < g->count; k++) {
        points *= (double)g->axes[k].values.count;
        extra += (double)g->axes[k].values.count - 1;
    }
    if (g->separate)
        points = 1 + extra;
    if (points > most_points)
        return fl_fail(FL_EINVAL, "the lists span %g points; at most %g", points, most_points);
    g->points = (uint64_t)points;
    return FL_OK;
}

static fl_status check_points(const grid *g) {
    for (uint64_t point = 0; point < g->points; point++) {
        fl_training training;
        grid_training(g, point, &training, NULL);
        FL_CHECK(fl_training_check(&training));
    }
    return FL_OK;
}

fl_status grid_from(grid *g, const training_settings *s, bool separate, bool classes) {
    memset(g, 0, sizeof *g);
    g->separate = separate;
    FL_CHECK(training_from(s, true, &g->base));
    size_t count;
    const fl_field *fields = fl_training_fields(&count);
    for (size_t k = 0; k < count; k++)
        if (s->given[k])
            FL_CHECK(add_axis(g, &fields[k], &s->values[k]));
    if (separate && g->count < 2)
        return fl_fail(FL_EUSAGE,
                       "--separate has no effect with fewer than two lists; leave it out");
    FL_CHECK(count_points(g));
    FL_CHECK(training_check_effect(s, NULL, true, classes));
    return check_points(g);
}

void grid_clear(grid *g) {
    for (size_t k = 0; k < g->count; k++)
        free(g->axes[k].values.values);
    g->count = 0;
}

/* Which value of axis k a point has. */
static size_t axis_index(const grid *g, uint64_t point, size_t k) {
    if (!g->separate) {
        for (size_t later = g->count - 1; later > k; later--)
            point /= g->axes[later].values.count;
        return point % g->axes[k].values.count;
    }
    if (point == 0)
        return 0;
    point--;
    for (size_t a = 0; a < g->count; a++) {
        uint64_t others = g->axes[a].values.count - 1;
        if (point < others)
            return a == k ? (size_t)point + 1 : 0;
        point -= others;
    }
    return 0;
}

void grid_training(const grid *g, uint64_t point, fl_training *training, double *values) {
    *training = g->base;
    for (size_t k = 0; k < g->count; k++) {
        double x = g->axes[k].values.values[axis_index(g, point, k)];
        fl_field_set(training, g->axes[k].parameter, x);
        if (values)
            values[k] = x;
    }
}

static fl_status describe_axis(const axis *a, fl_meta *meta) {
    size_t size;
    char *text = NULL;
    FILE *out = open_memstream(&text, &size);
    if (!out)
        return fl_fail(FL_ENOMEM, "out of memory for the provenance");
    for (size_t k = 0; k < a->values.count; k++) {
        char word[FL_FIELD_TEXT];
        fl_field_format(a->parameter, a->values.values[k], word);
        fprintf(out, "%s%s", k ? "," : "", word);
    }
    fl_status status = fclose(out) == 0 && text
                           ? fl_meta_set(meta, a->parameter->name, "%s", text)
                           : fl_fail(FL_ENOMEM, "out of memory for the provenance");
    free(text);
    return status;
}

fl_status grid_describe(const grid *g, fl_meta *meta) {
    FL_CHECK(fl_training_describe(&g->base, meta));
    for (size_t k = 0; k < g->count; k++)
        FL_CHECK(describe_axis(&g->axes[k], meta));
    return FL_OK;
}

const fl_column grid_always[2] = {
    {"jd", FL_REAL, NULL, "self-coupling J_D"},
    {"lambda", FL_REAL, NULL, "strength of the couplings between modules"}};

static bool always_there(const fl_field *p) {
    return strcmp(p->name, "jd") == 0 || strcmp(p->name, "lambda") == 0;
}

static void parameter_column(const fl_field *p, fl_column *column, char name[GRID_NAME]) {
    fl_kind kind = p->choices ? FL_TEXT : p->type == FL_FIELD_SIZE ? FL_INTEGER : FL_REAL;
    snprintf(name, GRID_NAME, "%s", p->name);
    for (char *c = name; *c; c++)
        if (*c == '-')
            *c = '_';
    *column = (fl_column){name, kind, NULL, p->help};
}

size_t grid_columns(const grid *g, fl_column *columns, char names[][GRID_NAME]) {
    size_t count = 0;
    for (; count < 2; count++)
        columns[count] = grid_always[count];
    for (size_t k = 0; k < g->count; k++)
        if (!always_there(g->axes[k].parameter)) {
            parameter_column(g->axes[k].parameter, &columns[count], names[count]);
            count++;
        }
    return count;
}

static fl_cell parameter_cell(const fl_field *p, double value, char text[FL_FIELD_TEXT]) {
    if (!p->choices)
        return p->type == FL_FIELD_SIZE ? FL_INT(value) : FL_NUM(value);
    fl_field_format(p, value, text);
    return FL_STR(text);
}

void grid_cells(const grid *g, uint64_t point, fl_cell *cells, char texts[][FL_FIELD_TEXT]) {
    fl_training training;
    double values[TRAINING_FIELDS];
    size_t count = 2;
    grid_training(g, point, &training, values);
    cells[0] = FL_NUM(training.jd);
    cells[1] = FL_NUM(training.lambda);
    for (size_t k = 0; k < g->count; k++)
        if (!always_there(g->axes[k].parameter)) {
            cells[count] = parameter_cell(g->axes[k].parameter, values[k], texts[count]);
            count++;
        }
}
