/* fl-overlap map: the fixed points of one network as a drawing. */
#include "fixland/clusters.h"
#include "mc/overlap/modes.h"
#include "mc/overlap/source.h"

typedef struct settings {
    source_settings source;
    int64_t radius, steps;
} settings;

typedef struct map {
    const settings *s;
    fl_table *table;
} map;

static const fl_option options[] = {
    FL_GROUP(source_options, settings, source),
    {"radius", FL_OPTION_INTEGER, offsetof(settings, radius), "COUNT", "1", 0, 1e6,
     .help = "largest Hamming distance of linked fixed points"},
    {"steps", FL_OPTION_INTEGER, offsetof(settings, steps), "COUNT", "400", 0, 1e6,
     .help = "steps of the layout by forces; 0: the plane of largest variance as it is"},
    {.name = NULL},
};

/* (point or link, cluster, size, x, y, dx, dy): links first, so that points are drawn over them. */
static fl_status list_map(const overlap_set *set, const fl_map *d, numbers *row) {
    const fl_clusters *c = &d->clusters;
    for (size_t k = 0; k < d->link_count; k++) {
        size_t a = d->links[k].a, b = d->links[k].b;
        uint32_t label = c->label[a];
        const double link[] = {
            1, label, c->size[label], d->x[a], d->y[a], d->x[b] - d->x[a], d->y[b] - d->y[a]};
        FL_CHECK(numbers_add(row, link, 7));
    }
    for (size_t k = 0; k < set->count; k++) {
        uint32_t label = c->label[k];
        const double point[] = {0, label, c->size[label], d->x[k], d->y[k], 0, 0};
        FL_CHECK(numbers_add(row, point, 7));
    }
    return FL_OK;
}

static fl_status analyse_map(void *context, const overlap_set *set, const fl_effort *effort,
                             numbers *row) {
    const map *m = context;
    fl_map d;
    fl_status status = fl_map_draw(set->spins, set->count, set->n, (size_t)m->s->radius,
                                   (size_t)m->s->steps, effort, &d);
    if (status == FL_OK)
        status = list_map(set, &d, row);
    fl_map_clear(&d);
    return status;
}

static fl_status take_map(void *context, const overlap_set *set, const double *row, size_t count) {
    map *m = context;
    for (size_t k = 0; k < count; k += 7) {
        const double *r = row + k;
        const fl_cell cells[] = {FL_INT(set->n), FL_NUM(set->jd), FL_INT(set->sample), FL_INT(r[0]),
                                 FL_INT(r[1]),   FL_INT(r[2]),    FL_NUM(r[3]),        FL_NUM(r[4]),
                                 FL_NUM(r[5]),   FL_NUM(r[6])};
        FL_CHECK(fl_table_row(m->table, cells));
    }
    return FL_OK;
}

static const fl_column columns[] = {
    FL_COLUMNS_SAMPLE(FL_COLUMN_NEURONS),
    {"link", FL_INTEGER, NULL,
     "1 for a link from (x, y) to (x + dx, y + dy), 0 for a fixed point at (x, y)"},
    {"cluster", FL_INTEGER, NULL, "numbered from 0"},
    {"size", FL_INTEGER, NULL, "of the cluster"},
    {"x", FL_REAL, NULL, "place in the drawing"},
    {"y", FL_REAL, NULL, "place in the drawing"},
    {"dx", FL_REAL, NULL, "of a link"},
    {"dy", FL_REAL, NULL, "of a link"},
};

static const fl_mode_table tables[] = {
    {NULL, columns, OVERLAP_COUNT(columns)},
    SOURCE_PARTS_TABLE,
    {.columns = NULL},
};

static fl_status run_map(fl_run *run, const void *given) {
    const settings *s = given;
    map m = {.s = s};
    source *from;
    FL_CHECK(source_open(&from, run, &s->source));
    fl_status status = source_table(from, columns, OVERLAP_COUNT(columns), &m.table);
    if (status == FL_OK)
        status = source_run(from, &m, analyse_map, take_map);
    return source_close(from, status);
}

static const char details[] =
    "Places the fixed points of a network in the plane: from the two directions in which they vary "
    "most, by forces that pull linked ones together and push all apart. Distances in the drawing "
    "have no meaning beyond that; links and clusters do.";

const fl_mode overlap_map = {
    .name = "map",
    .summary = "a drawing of one network's fixed points and clusters",
    .details = details,
    .tables = tables,
    .example = "fl-overlap map --n 20 --jd 0.3 --seed 1 --radius 2",
    .options = options,
    .settings_size = sizeof(settings),
    .common = FL_WITH_SEED | FL_WITH_THREADS | FL_WITH_RESUME | FL_WITH_LISTS,
    .run = run_map,
    .takes_files = true,
    .again = true,
};
