/* See saved_model.h. */
#include "mc/learn/saved_model.h"

fl_status saved_model_open(fl_run *run, model *m) {
    const char *const *files;
    size_t count = fl_run_files(run, &files);
    if (count != 1)
        return fl_fail(FL_EUSAGE, "%zu files: one is wanted, a MODEL.h5 of fl-train --save", count);
    return model_read(m, files[0]);
}

void options_add_shown(option_list *list, size_t offset) {
    const fl_option part[] = {{.name = "part",
                               .type = FL_OPTION_CHOICE,
                               .offset = offset + offsetof(shown_settings, part),
                               .argument = "WHICH",
                               .fallback = "test",
                               .choices = "test|train",
                               .help = "which examples"},
                              {.name = NULL}};
    options_add_data(list, offset + offsetof(shown_settings, data), "the model's");
    options_add(list, part);
}

static fl_status check_shape(const model *m, const fl_dataset *data) {
    if (data->features == m->features && data->outputs == m->outputs)
        return FL_OK;
    return fl_fail(FL_EMISMATCH,
                   "the data have %zu features and %zu outputs; the model was trained with %zu and "
                   "%zu",
                   data->features, data->outputs, m->features, m->outputs);
}

static fl_status load_shown(fl_run *run, const model *m, const shown_settings *s,
                            fl_dataset *data) {
    fl_dataset sets[2];
    fl_data_spec spec = data_from(&s->data, &m->data, 0);
    spec.threads = (int)run->common.threads;
    FL_CHECK(fl_training_describe(fl_learner_training(m->learner), &run->meta));
    FL_CHECK(data_describe(&spec, &run->meta));
    FL_CHECK(fl_data_load(&spec, &sets[0], &sets[1]));
    int wanted = s->part == 0;
    fl_dataset_clear(&sets[1 - wanted]);
    *data = sets[wanted];
    fl_status status = check_shape(m, data);
    if (status != FL_OK)
        fl_dataset_clear(data);
    return status;
}

fl_status saved_model_show(fl_run *run, const shown_settings *s, const void *settings,
                           fl_status (*work)(fl_run *run, const void *settings, const model *m,
                                             fl_dataset *data)) {
    model m;
    fl_dataset data;
    FL_CHECK(saved_model_open(run, &m));
    fl_status status = load_shown(run, &m, s, &data);
    if (status == FL_OK) {
        status = work(run, settings, &m, &data);
        fl_dataset_clear(&data);
    }
    model_clear(&m);
    return status;
}
