/* The parameters of a request for data, their defaults and their options, from one list. */
#include <stdlib.h>
#include <string.h>

#include "fixland/data_options.h"

/* KIND(member, name as an option, range, argument, default as --help tells it, help). Defaults are
 * those of fl_data_defaults. */
#define FEATURES "200"
#define TRAIN "10000"
#define TEST "2000"
#define CLASSES "10"
#define CLASSES_PARITY "2"
#define FLIP "0.4"
#define FLIP_ASSOCIATIONS "0.1"
#define LENGTH "10"
#define LATENT "20"
#define LATENT_PARITY "2"

/* clang-format off */
#define DATA_LIST(SIZE, REAL, FLAG) \
    SIZE(features, "features", 0, 1 << 20, "D", FEATURES, \
         "features of an example, +-1; images become signs of D random projections") \
    FLAG(raw, "raw", "images: their pixels in [-1, 1], no projection") \
    SIZE(train, "train", 1, 1e9, "P", TRAIN, "training examples") \
    SIZE(test, "test", 1, 1e9, "Q", TEST, "test examples") \
    SIZE(classes, "classes", 1, 65535, "C", CLASSES "; " CLASSES_PARITY " for parity; sequences: D", \
         "classes; of associations and sequences, bits of a target") \
    REAL(flip, "flip", 0, 0.5, "P", FLIP "; " FLIP_ASSOCIATIONS " for associations and sequences", \
         "prototypes, test inputs of associations and sequences: probability that a bit is flipped") \
    SIZE(latent, "latent", 0, 100000, "COUNT", LATENT "; " LATENT_PARITY " for parity", \
         "manifold: latent dimension; parity: projections") \
    SIZE(length, "length", 2, 1e6, "T", LENGTH, "sequences: patterns of each")
/* clang-format on */

#define SIZE_FIELD(member, name, low, high, argument, told, help)                                  \
    {name, FL_FIELD_SIZE, offsetof(fl_data_spec, member), 0, low, high, NULL, NULL, help},
#define REAL_FIELD(member, name, low, high, argument, told, help)                                  \
    {name, FL_FIELD_REAL, offsetof(fl_data_spec, member), 0, low, high, NULL, NULL, help},
#define FLAG_FIELD(member, name, help)                                                             \
    {name, FL_FIELD_FLAG, offsetof(fl_data_spec, member), 0, 0, 0, "no|yes", NULL, help},

static const fl_field fields[] = {DATA_LIST(SIZE_FIELD, REAL_FIELD, FLAG_FIELD)};

_Static_assert(sizeof fields / sizeof *fields == FL_DATA_FIELDS, "the number of data options");

const fl_field *fl_data_fields(size_t *count) {
    *count = FL_DATA_FIELDS;
    return fields;
}

fl_data_spec fl_data_defaults(const char *source) {
    fl_data_spec spec = {.source = source, .seed = 1};
    bool parity = strcmp(source, "parity") == 0;
    const char *own = parity ? "classes=" CLASSES_PARITY " latent=" LATENT_PARITY
                      : strcmp(source, "sequences") == 0 ? "flip=" FLIP_ASSOCIATIONS
                                                           " classes=" FEATURES
                      : strcmp(source, "associations") == 0 ? "flip=" FLIP_ASSOCIATIONS
                                                            : "";
    fl_fields_apply(&spec, fields, FL_DATA_FIELDS,
                    "features=" FEATURES " raw=no train=" TRAIN " test=" TEST " classes=" CLASSES
                    " flip=" FLIP " latent=" LATENT " length=" LENGTH);
    fl_fields_apply(&spec, fields, FL_DATA_FIELDS, own);
    return spec;
}

/* ---- The options; hidden_from_meta: see fl_data_describe. */

#define INDEX_OF(member, ...) INDEX_##member,
enum { DATA_LIST(INDEX_OF, INDEX_OF, INDEX_OF) INDICES };

#define PLACE(member)                                                                              \
    .offset = offsetof(fl_data_settings, values[INDEX_##member]),                                  \
    .given = offsetof(fl_data_settings, given[INDEX_##member]), .hidden_from_meta = true
#define SOURCE(otherwise_)                                                                         \
    {"data",                                                                                       \
     FL_OPTION_TEXT,                                                                               \
     offsetof(fl_data_settings, source),                                                           \
     "SOURCE|DIR",                                                                                 \
     .given = offsetof(fl_data_settings, source_given),                                            \
     .otherwise = otherwise_,                                                                      \
     .hidden_from_meta = true,                                                                     \
     .choices = "digits|prototypes|manifold|parity|associations|sequences",                        \
     .help = "drawn data, or a folder with the four IDX files of MNIST or a set like it"},
#define ONLY                                                                                       \
    {"only",                                                                                       \
     FL_OPTION_TEXT,                                                                               \
     offsetof(fl_data_settings, only),                                                             \
     "LIST",                                                                                       \
     .hidden_from_meta = true,                                                                     \
     .help = "numbers of classes: of the examples, training and test, those of these alone "       \
             "(outputs stay as many; --train and --test count examples of all)"},
#define SEED(otherwise_)                                                                           \
    {"data-seed",                                                                                  \
     FL_OPTION_UINT64,                                                                             \
     offsetof(fl_data_settings, seed),                                                             \
     "NUMBER",                                                                                     \
     .given = offsetof(fl_data_settings, seed_given),                                              \
     .otherwise = otherwise_,                                                                      \
     .hidden_from_meta = true,                                                                     \
     .help = "seed of the data, to keep them while --seed changes the network"},                   \
    {                                                                                              \
        .name = NULL                                                                               \
    }

#define SIZE_OPTION(member, name, low, high, argument, told, help)                                 \
    FL_FIELD_NUMBER(PLACE(member), FL_OPTION_INTEGER, name, argument, low, high, told, help)
#define REAL_OPTION(member, name, low, high, argument, told, help)                                 \
    FL_FIELD_NUMBER(PLACE(member), FL_OPTION_REAL, name, argument, low, high, told, help)
#define FLAG_OPTION(member, name_, help_)                                                          \
    {.name = name_, .type = FL_OPTION_FLAG, PLACE(member), .help = help_},

const fl_option fl_data_options[] = {
    SOURCE("digits") DATA_LIST(SIZE_OPTION, REAL_OPTION, FLAG_OPTION) ONLY SEED("--seed")};

#define SIZE_MODEL(member, name, low, high, argument, told, help)                                  \
    FL_FIELD_NUMBER(PLACE(member), FL_OPTION_INTEGER, name, argument, low, high, "the model's",    \
                    help)
#define REAL_MODEL(member, name, low, high, argument, told, help)                                  \
    FL_FIELD_NUMBER(PLACE(member), FL_OPTION_REAL, name, argument, low, high, "the model's", help)
#define FLAG_MODEL(member, name_, help_)                                                           \
    {.name = name_,                                                                                \
     .type = FL_OPTION_FLAG,                                                                       \
     PLACE(member),                                                                                \
     .otherwise = "the model's",                                                                   \
     .help = help_},

const fl_option fl_model_data_options[] = {
    SOURCE("the model's") DATA_LIST(SIZE_MODEL, REAL_MODEL, FLAG_MODEL) ONLY SEED("the model's")};

bool fl_data_given(const fl_data_settings *s) {
    bool any = s->source_given || s->seed_given || s->only;
    for (size_t k = 0; k < FL_DATA_FIELDS; k++)
        any |= s->given[k];
    return any;
}

#define FLIPPED "prototypes|associations|sequences"

bool fl_data_has_flips(const fl_data_spec *spec) {
    return fl_word_among(spec->source, FLIPPED);
}

/* A value that other sources know, and this one does nothing with. `before`: without it. */
static fl_status check_data_effect(const fl_data_settings *s, const fl_data_spec *before,
                                   const fl_data_spec *spec) {
    static const struct {
        size_t field;
        const char *sources;
    } own[] = {
        {INDEX_flip, FLIPPED}, {INDEX_latent, "manifold|parity"}, {INDEX_length, "sequences"}};
    for (size_t k = 0; k < sizeof own / sizeof *own; k++) {
        const fl_field *f = &fields[own[k].field];
        if (s->given[own[k].field] && fl_field_get(before, f) != fl_field_get(spec, f) &&
            !fl_word_among(spec->source, own[k].sources))
            return fl_fail(FL_EUSAGE,
                           "--%s has no effect with --data %s; leave it out (%s take it)", f->name,
                           spec->source, own[k].sources);
    }
    return FL_OK;
}

fl_status fl_data_from(const fl_data_settings *s, const fl_data_spec *otherwise, uint64_t seed,
                       fl_data_spec *spec) {
    bool other = !otherwise || (s->source_given && strcmp(s->source, otherwise->source) != 0);
    *spec = other ? fl_data_defaults(s->source_given ? s->source : "digits") : *otherwise;
    if (!otherwise)
        spec->seed = seed;
    else if (other && !otherwise->raw)
        spec->features = otherwise->features;
    const fl_data_spec before = *spec;
    FL_CHECK(fl_fields_given(spec, fields, FL_DATA_FIELDS, s->values, s->given, false));
    FL_CHECK(check_data_effect(s, &before, spec));
    if (spec->raw && !s->given[INDEX_features])
        spec->features = 0;
    if (strcmp(spec->source, "sequences") == 0 && !s->given[INDEX_classes])
        spec->classes = spec->features;
    if (s->only)
        spec->only = s->only;
    if (s->seed_given)
        spec->seed = s->seed;
    return FL_OK;
}

fl_status fl_data_describe(const fl_data_spec *spec, fl_meta *meta) {
    FL_CHECK(fl_meta_set(meta, "data", "%s", spec->source));
    FL_CHECK(fl_fields_describe(spec, fields, FL_DATA_FIELDS, meta));
    if (spec->only)
        FL_CHECK(fl_meta_set(meta, "only", "%s", spec->only));
    return fl_meta_set(meta, "data-seed", "%llu", (unsigned long long)spec->seed);
}
