/* See train_settings.h. */
#include "mc/learn/train_settings.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void options_add(option_list *list, const fl_option *own) {
    while (own->name && list->count + 1 < OPTIONS_MOST)
        list->entries[list->count++] = *own++;
    list->entries[list->count] = (fl_option){.name = NULL};
}

static fl_option_type type_of(const parameter *p, bool lists) {
    switch (p->type) {
    case FL_FIELD_SIZE:
        return lists ? FL_OPTION_INTEGERS : FL_OPTION_INTEGER;
    case FL_FIELD_REAL:
        return lists ? FL_OPTION_REALS : FL_OPTION_REAL;
    case FL_FIELD_FLAG:
        return lists ? FL_OPTION_TEXT : FL_OPTION_FLAG;
    case FL_FIELD_CHOICE:
        return lists ? FL_OPTION_TEXT : FL_OPTION_CHOICE;
    }
    return FL_OPTION_TEXT;
}

/* hidden_from_meta: the provenance has the resolved value, from training_describe. */
static fl_option parameter_option(size_t k, size_t offset, bool lists) {
    const parameter *p = parameter_at(k);
    bool numbers = p->type == FL_FIELD_SIZE || p->type == FL_FIELD_REAL;
    const char *argument = p->type == FL_FIELD_FLAG ? "LIST of no, yes" : "LIST";
    return (fl_option){.name = p->name,
                       .type = type_of(p, lists),
                       .offset = offset + offsetof(training_settings, values) +
                                 k * sizeof(parameter_value),
                       .argument = lists                      ? argument
                                   : p->type == FL_FIELD_SIZE ? "COUNT"
                                   : p->type == FL_FIELD_REAL ? "X"
                                                              : "WHICH",
                       .low = numbers ? p->low : 0,
                       .high = numbers ? p->high : 0,
                       .choices = p->choices,
                       .help = p->help,
                       .hidden_from_meta = true,
                       .otherwise = "the preset's",
                       .given = offset + offsetof(training_settings, given) + k};
}

void options_add_training(option_list *list, size_t offset, bool lists, const char *preset) {
    const fl_option name[] = {
        {.name = "preset",
         .type = FL_OPTION_TEXT,
         .offset = offset + offsetof(training_settings, preset),
         .argument = "NAME",
         .fallback = preset,
         .help = "settings to start from; `fl-train presets` lists what each sets"},
        {.name = NULL}};
    options_add(list, name);
    for (size_t k = 0; k < parameter_count(); k++) {
        const fl_option one[] = {parameter_option(k, offset, lists), {.name = NULL}};
        options_add(list, one);
    }
}

#define DATA(member) offset + offsetof(data_settings, member)

void options_add_data(option_list *list, size_t offset, const char *otherwise) {
    fl_option options[] = {
        {.name = "data",
         .type = FL_OPTION_TEXT,
         .offset = DATA(source),
         .given = DATA(source_given),
         .argument = "SOURCE",
         .otherwise = otherwise ? otherwise : "digits",
         .help = "digits (drawn), prototypes, manifold, parity, associations, or a folder with the "
                 "four IDX files of MNIST or a set like it"},
        {.name = "features",
         .type = FL_OPTION_INTEGER,
         .offset = DATA(features),
         .given = DATA(features_given),
         .argument = "D",
         .low = 1,
         .high = 1 << 20,
         .otherwise = otherwise ? otherwise : "200",
         .help = "features of an example, +-1; images become signs of D random projections"},
        {.name = "raw",
         .type = FL_OPTION_FLAG,
         .offset = DATA(raw),
         .given = DATA(raw_given),
         .otherwise = otherwise,
         .help = "images: their pixels in [-1, 1], no projection"},
        {.name = "train",
         .type = FL_OPTION_INTEGER,
         .offset = DATA(train),
         .given = DATA(train_given),
         .argument = "P",
         .low = 1,
         .high = 1e9,
         .otherwise = otherwise ? otherwise : "10000",
         .help = "training examples"},
        {.name = "test",
         .type = FL_OPTION_INTEGER,
         .offset = DATA(test),
         .given = DATA(test_given),
         .argument = "Q",
         .low = 1,
         .high = 1e9,
         .otherwise = otherwise ? otherwise : "2000",
         .help = "test examples"},
        {.name = "classes",
         .type = FL_OPTION_INTEGER,
         .offset = DATA(classes),
         .given = DATA(classes_given),
         .argument = "C",
         .low = 1,
         .high = 65535,
         .otherwise = otherwise ? otherwise : "10; 2 for parity",
         .help = "classes; of associations, bits of a target"},
        {.name = "flip",
         .type = FL_OPTION_REAL,
         .offset = DATA(flip),
         .given = DATA(flip_given),
         .argument = "P",
         .low = 0,
         .high = 0.5,
         .otherwise = otherwise ? otherwise : "0.25",
         .help = "prototypes, test inputs of associations: probability that a bit is flipped"},
        {.name = "latent",
         .type = FL_OPTION_INTEGER,
         .offset = DATA(latent),
         .given = DATA(latent_given),
         .argument = "COUNT",
         .low = 1,
         .high = 100000,
         .otherwise = otherwise ? otherwise : "20; 2 for parity",
         .help = "manifold: latent dimension; parity: projections"},
        {.name = "data-seed",
         .type = FL_OPTION_UINT64,
         .offset = DATA(seed),
         .given = DATA(seed_given),
         .argument = "NUMBER",
         .otherwise = otherwise ? otherwise : "--seed",
         .help = "seed of the data, to keep them while --seed changes the network"},
        {.name = NULL}};
    for (fl_option *o = options; o->name; o++)
        o->hidden_from_meta = true; /* see data_describe */
    options_add(list, options);
}

/* The value given for a parameter; of a list the first one. */
static fl_status given_value(const parameter *p, const parameter_value *v, bool lists,
                             double *value) {
    fl_reals words;
    char what[64];
    switch (p->type) {
    case FL_FIELD_SIZE:
        *value = (double)(lists ? v->integers.values[0] : v->integer);
        return FL_OK;
    case FL_FIELD_REAL:
        *value = lists ? v->reals.values[0] : v->real;
        return FL_OK;
    case FL_FIELD_FLAG:
    case FL_FIELD_CHOICE:
        break;
    }
    if (!lists) {
        *value = p->type == FL_FIELD_FLAG ? v->flag : v->choice;
        return FL_OK;
    }
    snprintf(what, sizeof what, "--%s", p->name);
    FL_CHECK(parameter_words(p, what, v->words, &words));
    *value = words.values[0];
    free(words.values);
    return FL_OK;
}

fl_status training_from(const training_settings *s, bool lists, fl_training *training) {
    if (fl_training_preset(training, s->preset) != FL_OK)
        return fl_fail(FL_EUSAGE, "--%s", fl_message());
    for (size_t k = 0; k < parameter_count(); k++)
        if (s->given[k]) {
            double value;
            FL_CHECK(given_value(parameter_at(k), &s->values[k], lists, &value));
            parameter_set(training, parameter_at(k), value);
        }
    return FL_OK;
}

fl_data_spec data_from(const data_settings *s, const fl_data_spec *otherwise, uint64_t seed) {
    bool other = !otherwise || (s->source_given && strcmp(s->source, otherwise->source) != 0);
    fl_data_spec spec =
        other ? fl_data_defaults(s->source_given ? s->source : "digits") : *otherwise;
    if (!otherwise)
        spec.seed = seed;
    else if (other && !spec.raw)
        spec.features = otherwise->features;
    if (s->features_given)
        spec.features = (size_t)s->features;
    if (s->train_given)
        spec.train = (size_t)s->train;
    if (s->test_given)
        spec.test = (size_t)s->test;
    if (s->classes_given)
        spec.classes = (size_t)s->classes;
    if (s->latent_given)
        spec.latent = (size_t)s->latent;
    if (s->flip_given)
        spec.flip = s->flip;
    if (s->raw_given)
        spec.raw = s->raw;
    if (spec.raw && !s->features_given)
        spec.features = 0;
    if (s->seed_given)
        spec.seed = s->seed;
    return spec;
}

fl_status data_describe(const fl_data_spec *spec, fl_meta *meta) {
    char flip[32];
    fl_format_real(flip, spec->flip);
    FL_CHECK(fl_meta_set(meta, "data", "%s", spec->source));
    FL_CHECK(fl_meta_set(meta, "features", "%zu", spec->features));
    FL_CHECK(fl_meta_set(meta, "raw", "%s", spec->raw ? "yes" : "no"));
    FL_CHECK(fl_meta_set(meta, "train", "%zu", spec->train));
    FL_CHECK(fl_meta_set(meta, "test", "%zu", spec->test));
    FL_CHECK(fl_meta_set(meta, "classes", "%zu", spec->classes));
    FL_CHECK(fl_meta_set(meta, "flip", "%s", flip));
    FL_CHECK(fl_meta_set(meta, "latent", "%zu", spec->latent));
    return fl_meta_set(meta, "data-seed", "%llu", (unsigned long long)spec->seed);
}

fl_status run_describe(fl_run *run, const fl_meta *added) {
    size_t size = 0;
    char *longer = NULL;
    FILE *out = open_memstream(&longer, &size);
    if (!out)
        return fl_fail(FL_ENOMEM, "out of memory for the provenance");
    fl_status status = FL_OK;
    fputs(run->fingerprint, out);
    for (size_t k = 0; k < added->count && status == FL_OK; k++) {
        status = fl_meta_set(&run->meta, added->keys[k], "%s", added->values[k]);
        fprintf(out, "%s: %s\n", added->keys[k], added->values[k]);
    }
    if (fclose(out) != 0 && status == FL_OK)
        status = fl_fail(FL_ENOMEM, "out of memory for the provenance");
    free(status == FL_OK ? run->fingerprint : longer);
    if (status == FL_OK)
        run->fingerprint = longer;
    return status;
}
