/* See several.h. */
#include "src/cli/several.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fixland/sampling.h"
#include "src/cli/internal.h"
#include "src/io/io.h"
#include "src/par/ranks.h"

const char fl_several_key[] = "for_each";

double fl_several_value(const fl_several *s, size_t axis) {
    uint64_t point = s->point;
    for (size_t later = s->count - 1; later > axis; later--)
        point /= s->values[later].count;
    return s->values[axis].values[point % s->values[axis].count];
}

bool fl_run_several(const fl_run *run, const char *option) {
    for (size_t k = 0; run->several && k < run->several->count; k++)
        if (strcmp(run->several->axes[k].name, option) == 0)
            return true;
    return false;
}

static void axis_cells(const fl_several *s, fl_cell *cells) {
    for (size_t k = 0; k < s->count; k++)
        cells[k] = s->axes[k].kind == FL_INTEGER ? FL_INT(fl_several_value(s, k))
                                                 : FL_NUM(fl_several_value(s, k));
}

static fl_status open_whole(fl_several *s, fl_run *run, const fl_column *columns, size_t count) {
    const fl_common *common = &run->common;
    s->width = s->count + count;
    s->columns = calloc(s->width, sizeof *s->columns);
    if (!s->columns)
        return fl_fail(FL_ENOMEM, "out of memory for a table");
    memcpy(s->columns, s->axes, s->count * sizeof *columns);
    memcpy(s->columns + s->count, columns, count * sizeof *columns);
    return fl_table_open(&s->table, common->output, common->force, (fl_table_format)common->format,
                         &run->meta, s->columns, s->width);
}

fl_status fl_several_table(fl_run *run, fl_table **table, const fl_column *columns, size_t count) {
    fl_several *s = run->several;
    fl_cell cells[FL_SEVERAL_MOST];
    *table = NULL;
    s->reached = true;
    if (s->ahead)
        return fl_fail(FL_STOPPED, "stopped before anything was computed");
    if (!s->table)
        FL_CHECK(open_whole(s, run, columns, count));
    if (s->width != s->count + count)
        return fl_fail(FL_EINVAL, "the tables of two points have other columns");
    axis_cells(s, cells);
    return fl_table_open_part(table, s->table, cells, s->count);
}

/* Of the first point as of a run with one: FILE.journal. */
fl_status fl_several_journal(const fl_several *s, const char *output, uint64_t point, char **path) {
    size_t size = strlen(output) + sizeof ".journal-" + 20;
    *path = malloc(size);
    if (!*path)
        return fl_fail(FL_ENOMEM, "--output %s: out of memory", output);
    if (!s || point == 0)
        snprintf(*path, size, "%s.journal", output);
    else
        snprintf(*path, size, "%s.journal-%" PRIu64, output, point + 1);
    return FL_OK;
}

/* The point whose checkpoint `entry` of the output's folder is, from 2 on; 0: none. */
static uint64_t point_of(const char *entry, const char *name) {
    static const char ending[] = ".journal-";
    size_t length = strlen(name);
    if (strncmp(entry, name, length) != 0 ||
        strncmp(entry + length, ending, sizeof ending - 1) != 0)
        return 0;
    const char *digits = entry + length + sizeof ending - 1;
    size_t count = strspn(digits, "0123456789");
    if (digits[0] == '0' || count == 0 || count > 9 || digits[count])
        return 0;
    uint64_t point = strtoull(digits, NULL, 10);
    return point > 1 ? point : 0;
}

/* Checkpoints of points behind the first, of a grid of so many. */
typedef struct later {
    uint64_t points, first; /* the first of those that are there, or 0 */
    bool take_away;
} later;

static void note_later(void *context, int folder, const char *entry, const char *name) {
    later *l = context;
    uint64_t point = point_of(entry, name);
    if (point == 0 || point > l->points)
        return;
    l->first = l->first && l->first < point ? l->first : point;
    if (l->take_away)
        unlinkat(folder, entry, 0);
}

/* One look into the folder: there may be a million points. */
static uint64_t later_journals(const fl_several *s, const char *output, bool take_away) {
    later l = {.points = s->points, .take_away = take_away};
    fl_entries_beside(output, &l, note_later);
    return l.first;
}

/* They stay until all is written. */
static fl_status remove_journals(const fl_several *s, const fl_run *run) {
    char *path;
    if (!fl_cli_resumable(&run->common))
        return FL_OK;
    FL_CHECK(fl_several_journal(s, run->common.output, 0, &path));
    remove(path);
    free(path);
    later_journals(s, run->common.output, true);
    return FL_OK;
}

static fl_status look_ahead(fl_several *s, fl_run *run, fl_status (*point)(fl_run *, void *),
                            void *context) {
    s->ahead = true;
    for (s->point = 0; s->point < s->points; s->point++) {
        s->reached = false;
        fl_status status = point(run, context);
        if (fl_stop_requested() || (status != FL_OK && !s->reached))
            return status;
    }
    s->ahead = false;
    return FL_OK;
}

/* On several ranks each point is a part of its own, to which rank 0 calls the others. */
static fl_status run_points(fl_several *s, fl_run *run, fl_status (*point)(fl_run *, void *),
                            void *context) {
    if (fl_ranks_serving()) {
        s->point = fl_ranks_part_called();
        return point(run, context);
    }
    fl_ranks_alone(true);
    fl_status status = look_ahead(s, run, point, context);
    fl_ranks_alone(false);
    for (s->point = 0; status == FL_OK && s->point < s->points; s->point++) {
        fl_ranks_part(s->point);
        status = point(run, context);
    }
    return status;
}

static fl_status count_points(fl_several *s) {
    static const double most = 1e6;
    double points = 1;
    for (size_t k = 0; k < s->count; k++)
        points *= (double)s->values[k].count;
    s->points = (uint64_t)points;
    return points <= most ? FL_OK
                          : fl_fail(FL_EUSAGE,
                                    "the lists of --%s ... span %g points; allowed: at "
                                    "most %g",
                                    s->axes[0].name, points, most);
}

/* Of a grid that was left off, with more points than have been reached again. */
static fl_status clear_way(const fl_several *s, const fl_run *run) {
    const fl_common *common = &run->common;
    char *path;
    if (!fl_cli_resumable(common) || common->resume)
        return FL_OK;
    uint64_t point = later_journals(s, common->output, common->force);
    if (point == 0 || common->force)
        return FL_OK;
    FL_CHECK(fl_several_journal(s, common->output, point - 1, &path));
    fl_status status =
        fl_fail(FL_EEXIST, "%s exists already: --resume continues it, --force starts afresh", path);
    free(path);
    return status;
}

fl_status fl_several_run(fl_several *s, fl_run *run, fl_status (*point)(fl_run *, void *),
                         void *context) {
    FL_CHECK(count_points(s));
    FL_CHECK(clear_way(s, run));
    run->several = s;
    fl_status status = run_points(s, run, point, context);
    run->several = NULL;
    if (status == FL_OK)
        status = fl_table_close(s->table);
    else
        fl_table_discard(s->table);
    free(s->columns);
    s->table = NULL;
    s->columns = NULL;
    return status == FL_OK ? remove_journals(s, run) : status;
}

/* ---- of a command line ---- */

static fl_status add_axis(fl_several *s, const fl_option *option, fl_reals values) {
    if (s->count == FL_SEVERAL_MOST)
        return fl_fail(FL_EINVAL, "more than %d options with several values", FL_SEVERAL_MOST);
    s->axes[s->count] = (fl_column){
        option->name, option->type == FL_OPTION_INTEGER ? FL_INTEGER : FL_REAL, NULL, option->help};
    s->values[s->count++] = values;
    return FL_OK;
}

static void set_targets(const fl_several *s, fl_cli_options *o) {
    size_t axis = 0;
    for (fl_cli_slot *slot = o->slots; slot < o->slots + o->count; slot++)
        if (slot->values.count > 1) {
            double value = fl_several_value(s, axis++);
            if (slot->option.type == FL_OPTION_INTEGER)
                *(int64_t *)slot->target = (int64_t)value;
            else
                *(double *)slot->target = value;
        }
}

/* A run of its own, so that what one point records is not told of the next. */
static fl_status run_point(fl_run *all, void *context) {
    fl_cli_options *o = context;
    fl_run run = *all;
    run.meta = (fl_meta){0};
    run.fingerprint = strdup(all->fingerprint);
    fl_status status = run.fingerprint ? fl_meta_copy(&run.meta, &all->meta)
                                       : fl_fail(FL_ENOMEM, "out of memory for the provenance");
    char point[48];
    snprintf(point, sizeof point, "%" PRIu64 " of %" PRIu64, all->several->point + 1,
             all->several->points);
    if (status == FL_OK)
        status = fl_cli_decide(&run, "point", point);
    set_targets(all->several, o);
    if (status == FL_OK)
        status = o->mode->run(&run, o->settings);
    free(run.fingerprint);
    fl_meta_clear(&run.meta);
    return status;
}

static fl_status tell_axes(const fl_several *s, fl_run *run) {
    char names[200] = "";
    for (size_t k = 0; k < s->count; k++) {
        size_t used = strlen(names);
        snprintf(names + used, sizeof names - used, "%s%s", k ? "," : "", s->axes[k].name);
    }
    return fl_run_record(run, fl_several_key, "%s", names);
}

fl_status fl_cli_several_run(fl_cli_options *o, fl_run *run) {
    fl_several s = {0};
    for (fl_cli_slot *slot = o->slots; slot < o->slots + o->count; slot++)
        if (slot->values.count > 1)
            FL_CHECK(add_axis(&s, &slot->option, slot->values));
    if (s.count == 0)
        return o->mode->run(run, o->settings);
    FL_CHECK(tell_axes(&s, run));
    return fl_several_run(&s, run, run_point, o);
}

/* ---- of a table ---- */

static const fl_option *option_named(const char *name, size_t length) {
    for (const fl_option *o = fl_ensemble_options; o->name; o++)
        if (o->each && strlen(o->name) == length && strncmp(o->name, name, length) == 0)
            return o;
    return NULL;
}

static fl_status read_axis(fl_several *s, const char *name, size_t length, const fl_meta *meta) {
    const fl_option *option = option_named(name, length);
    const char *text = option ? fl_meta_get(meta, option->name) : NULL;
    fl_reals values;
    if (!text)
        return fl_fail(FL_EFORMAT, "%s: nothing is known of '%.*s'", fl_several_key, (int)length,
                       name);
    FL_CHECK(fl_parse_reals(option->name, text, option->low, option->high, &values));
    fl_status status = add_axis(s, option, values);
    if (status != FL_OK)
        free(values.values);
    return status;
}

void fl_several_clear(fl_several *s) {
    for (size_t k = 0; k < s->count; k++)
        free(s->values[k].values);
    *s = (fl_several){0};
}

fl_status fl_several_read(fl_several *s, const fl_meta *meta) {
    const char *at = fl_meta_get(meta, fl_several_key);
    fl_status status = FL_OK;
    *s = (fl_several){0};
    while (status == FL_OK && at && *at) {
        size_t length = strcspn(at, ",");
        status = read_axis(s, at, length, meta);
        at += length + (at[length] == ',');
    }
    if (status != FL_OK)
        fl_several_clear(s);
    return status;
}

fl_status fl_several_refuse(const char *path, const fl_frame *f) {
    fl_several s;
    size_t column;
    FL_CHECK(fl_several_read(&s, &f->meta));
    fl_status status = FL_OK;
    for (size_t k = 0; status == FL_OK && k < s.count; k++)
        for (size_t row = 1; row < f->rows && fl_frame_column(f, s.axes[k].name, &column) == FL_OK;
             row++)
            if (f->real[row * f->columns + column] != f->real[column])
                status =
                    fl_fail(FL_EMISMATCH,
                            "%s: rows of several values of %s; allowed: those of one, as awk takes "
                            "them out or a run of its own writes them",
                            path, s.axes[k].name);
    fl_several_clear(&s);
    return status;
}
