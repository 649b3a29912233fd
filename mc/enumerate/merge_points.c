/* Joining tables of several ensembles (src/cli/several.h), one ensemble after the other: see merge.h. */
#include <stdlib.h>
#include <string.h>

#include "mc/enumerate/merge.h"
#include "src/cli/rows_check.h"
#include "src/cli/several.h"

/* The frames as files have them, and the rows of one point of each, without the columns that tell the point. */
typedef struct pieces_of {
    fl_several several;
    const fl_frame *whole;
    fl_frame *piece;
    size_t count;
    merge_join *join;
    void *context;
} pieces_of;

static void piece_clear(fl_frame *f) {
    free(f->real);
    free(f->text);
    free(f->line);
    fl_meta_clear(&f->meta);
    *f = (fl_frame){0};
}

static bool is_of_point(const fl_several *s, const fl_frame *f, size_t row) {
    for (size_t k = 0; k < s->count; k++)
        if (f->real[row * f->columns + k] != fl_several_value(s, k))
            return false;
    return true;
}

/* The provenance that a run of this point alone has. */
static fl_status tell_point(const fl_several *s, const fl_meta *whole, fl_meta *meta) {
    FL_CHECK(fl_meta_copy(meta, whole));
    fl_meta_remove(meta, fl_several_key);
    for (size_t k = 0; k < s->count; k++)
        FL_CHECK(fl_meta_set_real(meta, s->axes[k].name, fl_several_value(s, k)));
    return FL_OK;
}

/* Names, units and texts stay those of the whole. */
static fl_status cut_point(const fl_several *s, const fl_frame *whole, fl_frame *f) {
    size_t lead = s->count, columns = whole->columns - lead;
    *f = (fl_frame){.columns = columns, .names = whole->names + lead, .units = whole->units + lead};
    f->real = calloc(whole->rows * columns + 1, sizeof *f->real);
    f->text = calloc(whole->rows * columns + 1, sizeof *f->text);
    f->line = calloc(whole->rows + 1, sizeof *f->line);
    if (!f->real || !f->text || !f->line)
        return fl_fail(FL_ENOMEM, "out of memory for %zu rows", whole->rows);
    for (size_t row = 0; row < whole->rows; row++) {
        size_t from = row * whole->columns + lead, to = f->rows * columns;
        if (!is_of_point(s, whole, row))
            continue;
        memcpy(f->real + to, whole->real + from, columns * sizeof *f->real);
        memcpy(f->text + to, whole->text + from, columns * sizeof *f->text);
        f->line[f->rows++] = whole->line ? whole->line[row] : 0;
    }
    return tell_point(s, &whole->meta, &f->meta);
}

static fl_status join_point(fl_run *run, void *context) {
    pieces_of *p = context;
    fl_status status = FL_OK;
    for (size_t k = 0; status == FL_OK && k < p->count; k++)
        status = cut_point(run->several, &p->whole[k], &p->piece[k]);
    if (status == FL_OK)
        status = p->join(run, p->context, p->piece, p->count);
    for (size_t k = 0; k < p->count; k++)
        piece_clear(&p->piece[k]);
    return status;
}

/* Columns in front that tell the point, and no row of none. */
static fl_status check_whole(const fl_several *s, const char *path, const fl_frame *f) {
    bool same = f->columns > s->count;
    for (size_t k = 0; same && k < s->count; k++)
        same = strcmp(f->names[k], s->axes[k].name) == 0;
    if (!same)
        return fl_fail(FL_EMISMATCH, "%s: its first columns are not those of %s: %s", path,
                       fl_several_key, fl_meta_get(&f->meta, fl_several_key));
    for (size_t k = 0; k < s->count; k++)
        if (fl_rows_among(f, k, &s->values[k], "one of the values of the run") != FL_OK)
            return fl_fail(FL_EMISMATCH, "%s: %s", path, fl_message());
    return FL_OK;
}

/* What all points share, before any of them tells its own. */
static fl_status tell_points(fl_run *run, const fl_several *s, const fl_meta *meta) {
    for (size_t k = 0; k < s->count; k++)
        FL_CHECK(
            fl_meta_set(&run->meta, s->axes[k].name, "%s", fl_meta_get(meta, s->axes[k].name)));
    return fl_meta_set(&run->meta, fl_several_key, "%s", fl_meta_get(meta, fl_several_key));
}

fl_status merge_points(fl_run *run, const char *const *paths, fl_frame *frames, size_t count,
                       merge_join *join, void *context) {
    pieces_of p = {.whole = frames, .count = count, .join = join, .context = context};
    FL_CHECK(fl_several_read(&p.several, &frames[0].meta));
    if (p.several.count == 0)
        return join(run, context, frames, count);
    fl_status status = FL_OK;
    for (size_t k = 0; status == FL_OK && k < count; k++)
        status = check_whole(&p.several, paths[k], &frames[k]);
    if (status == FL_OK)
        status = tell_points(run, &p.several, &frames[0].meta);
    p.piece = calloc(count, sizeof *p.piece);
    if (status == FL_OK && !p.piece)
        status = fl_fail(FL_ENOMEM, "out of memory for %zu tables", count);
    if (status == FL_OK)
        status = fl_several_run(&p.several, run, join_point, &p);
    free(p.piece);
    fl_several_clear(&p.several);
    return status;
}
