/* See saved_model.h. */
#include "mc/learn/saved_model.h"

fl_status saved_model_open(fl_run *run, fl_model *m) {
    const char *const *files;
    size_t count = fl_run_files(run, &files);
    if (count != 1)
        return fl_fail(FL_EUSAGE, "%zu files: one is wanted, a MODEL.h5 of fl-train --save", count);
    return fl_model_read(m, files[0]);
}

const fl_option shown_options[] = {
    FL_GROUP(fl_model_data_options, shown_settings, data, ),
    {"part", FL_OPTION_CHOICE, offsetof(shown_settings, part), "WHICH", "test",
     .given = offsetof(shown_settings, part_given), .choices = "test|train",
     .help = "which examples"},
    {.name = NULL},
};

fl_status saved_model_check_data(const fl_model *m, const char *path, const fl_dataset sets[2]) {
    unsigned long sum = fl_dataset_crc32(&sets[1], fl_dataset_crc32(&sets[0], 0));
    if (!m->data_known || m->data_crc32 == sum)
        return FL_OK;
    return fl_fail(FL_EMISMATCH,
                   "%s: data '%s' are not those that the model was trained with; --data says which "
                   "others to take",
                   path, m->data.source);
}

static fl_status check_shape(const fl_model *m, const fl_dataset *data) {
    if (data->features == m->features && data->outputs == m->outputs)
        return FL_OK;
    return fl_fail(FL_EMISMATCH,
                   "the data have %zu features and %zu outputs; the model was trained with %zu and "
                   "%zu",
                   data->features, data->outputs, m->features, m->outputs);
}

/* The number of examples of the other part does nothing. */
static fl_status check_shown_effect(const fl_run *run, const shown_settings *s) {
    static const char *const of_part[][2] = {{"train", NULL}, {"test", NULL}};
    return fl_run_refuse(run, of_part[s->part], s->part ? "with --part train" : "with --part test");
}

static fl_status load_shown(fl_run *run, const fl_model *m, const shown_settings *s,
                            fl_dataset *data) {
    fl_dataset sets[2];
    const char *const *files;
    fl_data_spec spec;
    fl_run_files(run, &files);
    FL_CHECK(fl_data_from(&s->data, &m->data, 0, &spec));
    spec.threads = (int)run->common.threads;
    FL_CHECK(fl_training_describe(fl_learner_training(m->learner), &run->meta));
    FL_CHECK(fl_data_describe(&spec, &run->meta));
    FL_CHECK(fl_data_load(&spec, &sets[0], &sets[1]));
    int wanted = s->part == 0;
    fl_status status = check_shape(m, &sets[wanted]);
    if (status == FL_OK && !fl_data_given(&s->data))
        status = saved_model_check_data(m, files[0], sets);
    fl_dataset_clear(&sets[1 - wanted]);
    if (status != FL_OK)
        fl_dataset_clear(&sets[wanted]);
    *data = sets[wanted];
    return status;
}

fl_status saved_model_show(fl_run *run, const shown_settings *s, const void *settings,
                           fl_status (*work)(fl_run *run, const void *settings, const fl_model *m,
                                             fl_dataset *data)) {
    fl_model m;
    fl_dataset data;
    FL_CHECK(check_shown_effect(run, s));
    FL_CHECK(saved_model_open(run, &m));
    fl_status status = load_shown(run, &m, s, &data);
    if (status == FL_OK) {
        status = work(run, settings, &m, &data);
        fl_dataset_clear(&data);
    }
    fl_model_clear(&m);
    return status;
}
