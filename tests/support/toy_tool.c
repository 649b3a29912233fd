/* See toy_tool.h. */
#include "tests/support/toy_tool.h"

#include "fixland/replicas.h"
#include "fixland/sampling.h"
#include "fixland/spins.h"
#include <stdlib.h>
typedef struct toy {
    fl_sampling sampling; /* settings: these two */
    fl_store_settings store;
    fl_sampled sampled;
    fl_outputs files;
} toy;

static const fl_option options[] = {
    FL_GROUP(fl_sampling_options, toy, sampling, .fallback = "n=16 jd=0:1:0.5 samples=10"),
    FL_GROUP(fl_store_options, toy, store),
    {.name = NULL}};

static const fl_column columns[] = {
    FL_COLUMNS_SAMPLE(FL_COLUMN_N),
    {"stable", FL_INTEGER, NULL, "stable neurons of the configuration with all spins down"},
};

static fl_status count_stable(uint64_t task, void *context, fl_result *result) {
    const fl_sampled *w = &((toy *)context)->sampled;
    fl_instance at = fl_instances_get(&w->networks, task / w->jd.count);
    fl_network network;
    FL_CHECK(fl_instances_draw(&w->networks, &at, &network));
    uint64_t *data = calloc(1 + fl_spins_words(network.n), sizeof *data);
    *result = (fl_result){data, (1 + fl_spins_words(network.n)) * sizeof *data};
    for (size_t i = 0; data && i < network.n; i++)
        *data += fl_network_stable(&network, data + 1, i, w->jd.values[task % w->jd.count]) == 1;
    fl_network_clear(&network);
    return data ? FL_OK : fl_fail(FL_ENOMEM, "out of memory for a configuration");
}

static fl_status write_stable(uint64_t task, void *context, const void *data, size_t length) {
    (void)length;
    const toy *t = context;
    const fl_sampled *w = &t->sampled;
    fl_instance at = fl_instances_get(&w->networks, task / w->jd.count);
    size_t n = fl_instances_neurons(&w->networks, at.n_index);
    double jd = w->jd.values[task % w->jd.count];
    if (t->files.store) {
        FL_CHECK(fl_store_begin(t->files.store, n, jd, at.sample));
        FL_CHECK(fl_store_append(t->files.store, (const uint64_t *)data + 1, 1, NULL));
    }
    return fl_table_row(t->files.table, (fl_cell[]){FL_INT(n), FL_NUM(jd), FL_INT(at.sample),
                                                    FL_INT(*(const uint64_t *)data)});
}

static fl_status run_toy(fl_run *run, const void *given) {
    toy t = *(const toy *)given;
    fl_status status = fl_sampling_open(&t.sampled, run, &t.sampling, 4096);
    if (status == FL_OK) {
        status = fl_outputs_open(&t.files, run, &t.store, columns, 4);
        uint64_t tasks = fl_instances_count(&t.sampled.networks) * t.sampled.jd.count;
        fl_replicas loop = {tasks,          fl_run_effort(run), &t,
                            count_stable,   write_stable,       {.kind = "counts"},
                            t.files.journal};
        status = fl_outputs_close(&t.files, status == FL_OK ? fl_replicas_run(&loop) : status);
    }
    fl_sampling_close(&t.sampled);
    return status;
}

static const fl_mode_table tables[] = {{NULL, columns, 4}, {.columns = NULL}};
static const fl_mode mode = {.options = options,
                             .settings_size = sizeof(toy),
                             .common = FL_WITH_SEED | FL_WITH_THREADS | FL_WITH_RESUME,
                             .run = run_toy,
                             .tables = tables};
static const fl_tool tool = {"fl-toy", "Stable neurons", &mode, 1};

int toy_main(int argc, char **argv) {
    return fl_tool_main(&tool, argc, argv);
}
