/* A request for data, checked and answered: see fl_data_spec in dataset.h. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "mc/data/data.h"

const char *const fl_data_names[] = {"digits",       "prototypes", "manifold", "parity",
                                     "associations", "sequences",  NULL};

typedef enum kind { DIGITS, PROTOTYPES, MANIFOLD, PARITY, ASSOCIATIONS, SEQUENCES, FOLDER } kind;

static bool without_classes(kind which) {
    return which == ASSOCIATIONS || which == SEQUENCES;
}

typedef fl_status fill(fl_dataset *data, const fl_data_spec *spec, unsigned part);

static fill *const fills[] = {NULL,           fl_data_prototypes,   fl_data_manifold,
                              fl_data_parity, fl_data_associations, fl_data_sequences};

static fl_status find_kind(kind *which, const char *name) {
    struct stat status;
    for (*which = DIGITS; *which < FOLDER; ++*which)
        if (strcmp(name, fl_data_names[*which]) == 0)
            return FL_OK;
    if (stat(name, &status) != 0)
        return fl_fail(
            FL_EINVAL,
            "data '%s': neither digits, prototypes, manifold, parity, associations or sequences, "
            "nor a folder",
            name);
    if (!S_ISDIR(status.st_mode))
        return fl_fail(FL_EINVAL, "data '%s': a file; a folder with the four IDX files is wanted",
                       name);
    return FL_OK;
}

static fl_status check_classes(kind which, size_t classes) {
    static const struct {
        size_t least, most;
    } range[] = {{2, 10}, {2, 65535}, {2, 65535}, {2, 2}, {1, 65535}, {1, 65535}, {1, 256}};
    if (classes >= range[which].least && classes <= range[which].most)
        return FL_OK;
    const char *name = which == FOLDER ? "a folder" : fl_data_names[which];
    if (range[which].least == range[which].most)
        return fl_fail(FL_EINVAL, "%zu classes: data of %s have %zu", classes, name,
                       range[which].least);
    return fl_fail(FL_EINVAL, "%zu %s: data of %s have %zu to %zu", classes,
                   without_classes(which) ? "output bits" : "classes", name, range[which].least,
                   range[which].most);
}

static fl_status check_spec(const fl_data_spec *spec, kind which) {
    bool images = which == DIGITS || which == FOLDER;
    bool latent = which == MANIFOLD || which == PARITY;
    if (spec->train == 0 || spec->test == 0)
        return fl_fail(FL_EINVAL, "%zu training and %zu test examples: at least one of each",
                       spec->train, spec->test);
    if (spec->raw && !images)
        return fl_fail(FL_EINVAL, "raw features: data of %s are no images", spec->source);
    if (spec->features == 0 && !spec->raw)
        return fl_fail(FL_EINVAL, "0 features: at least 1");
    FL_CHECK(check_classes(which, spec->classes));
    if (which == SEQUENCES && spec->length < 2)
        return fl_fail(FL_EINVAL, "sequences of length %zu: at least 2", spec->length);
    if (which == SEQUENCES && spec->classes != spec->features)
        return fl_fail(FL_EINVAL, "%zu features and %zu output bits: of sequences as many",
                       spec->features, spec->classes);
    if ((which == PROTOTYPES || without_classes(which)) && !(spec->flip >= 0 && spec->flip <= 0.5))
        return fl_fail(FL_EINVAL, "flip probability %g: 0 to 0.5", spec->flip);
    if (latent && (spec->latent == 0 || spec->latent > 100000))
        return fl_fail(FL_EINVAL, "latent dimension %zu: 1 to 100000", spec->latent);
    return FL_OK;
}

/* The first `count` images of a random order of all, in place of all. */
static fl_status pick(fl_images *images, size_t count, uint64_t seed, unsigned part) {
    fl_images picked;
    size_t pixels = images->rows * images->columns;
    uint32_t *order = malloc(images->count * sizeof *order);
    fl_rng rng = fl_rng_stream(seed, FL_PURPOSE_DATA, FL_DATA_ORDER, part);
    if (!order)
        return fl_fail(FL_ENOMEM, "out of memory for the order of %zu images", images->count);
    fl_rng_permutation(&rng, images->count, order);
    fl_status status = fl_images_new(&picked, count, images->rows, images->columns);
    for (size_t k = 0; status == FL_OK && k < count; k++) {
        memcpy(picked.pixels + k * pixels, images->pixels + order[k] * pixels, pixels);
        picked.labels[k] = images->labels[order[k]];
    }
    free(order);
    FL_CHECK(status);
    fl_images_clear(images);
    *images = picked;
    return FL_OK;
}

static fl_status folder_images(const fl_data_spec *spec, fl_images *train, fl_images *test) {
    FL_CHECK(fl_images_read_folder(train, test, spec->source, spec->classes));
    if (spec->train > train->count)
        return fl_fail(FL_EINVAL, "%zu training examples are asked, but %s holds %zu", spec->train,
                       spec->source, train->count);
    if (spec->test > test->count)
        return fl_fail(FL_EINVAL, "%zu test examples are asked, but %s holds %zu", spec->test,
                       spec->source, test->count);
    FL_CHECK(pick(train, spec->train, spec->seed, FL_PART_TRAIN));
    return pick(test, spec->test, spec->seed, FL_PART_TEST);
}

static fl_status digit_images(const fl_data_spec *spec, fl_images *train, fl_images *test) {
    FL_CHECK(fl_digits_draw(train, spec->train, spec->classes, spec->seed, FL_PART_TRAIN,
                            spec->threads));
    return fl_digits_draw(test, spec->test, spec->classes, spec->seed, FL_PART_TEST, spec->threads);
}

static fl_status features(const fl_data_spec *spec, const fl_images *images, size_t count,
                          fl_dataset *data) {
    return fl_images_features(data, images, count, spec->features, spec->classes, spec->raw,
                              spec->seed, spec->threads);
}

static fl_status load_images(const fl_data_spec *spec, kind which, fl_dataset *train,
                             fl_dataset *test) {
    fl_images images[2] = {{0}, {0}};
    fl_status status = which == FOLDER ? folder_images(spec, &images[0], &images[1])
                                       : digit_images(spec, &images[0], &images[1]);
    if (status == FL_OK)
        status = features(spec, &images[0], spec->train, train);
    if (status == FL_OK)
        status = features(spec, &images[1], spec->test, test);
    fl_images_clear(&images[0]);
    fl_images_clear(&images[1]);
    return status;
}

static fl_status load_random(const fl_data_spec *spec, kind which, fl_dataset *train,
                             fl_dataset *test) {
    bool classes = !without_classes(which);
    FL_CHECK(fl_dataset_new(train, spec->train, spec->features, spec->classes, classes));
    FL_CHECK(fl_dataset_new(test, spec->test, spec->features, spec->classes, classes));
    FL_CHECK(fills[which](train, spec, FL_PART_TRAIN));
    return fills[which](test, spec, FL_PART_TEST);
}

static fl_status only_error(const char *text, size_t classes) {
    return fl_fail(FL_EINVAL, "only = %s; allowed: numbers of classes, 0 to %zu, and ranges 0:%zu",
                   text, classes - 1, classes - 1);
}

/* A number of at most `classes` - 1, or an error. */
static bool read_class(const char **at, size_t classes, size_t *c) {
    char *end;
    if (**at < '0' || **at > '9')
        return false;
    unsigned long number = strtoul(*at, &end, 10);
    *at = end;
    *c = number;
    return number < classes;
}

fl_status fl_data_classes(const char *text, size_t classes, bool *wanted) {
    const char *at = text;
    do {
        size_t first, last;
        if (!read_class(&at, classes, &first))
            return only_error(text, classes);
        last = first;
        if (*at == ':' && (at++, !read_class(&at, classes, &last)))
            return only_error(text, classes);
        for (size_t c = first; c <= last; c++)
            wanted[c] = true;
        if (last < first || (*at != ',' && *at != 0))
            return only_error(text, classes);
    } while (*at++ == ',');
    return FL_OK;
}

static fl_status keep_only(const fl_data_spec *spec, fl_dataset *train, fl_dataset *test) {
    bool *wanted = calloc(train->outputs, sizeof *wanted);
    if (!wanted)
        return fl_fail(FL_ENOMEM, "out of memory for %zu classes", train->outputs);
    fl_status status = train->label ? fl_data_classes(spec->only, train->outputs, wanted)
                                    : fl_fail(FL_EINVAL, "only = %s: data of %s have no classes",
                                              spec->only, spec->source);
    if (status == FL_OK)
        status = fl_dataset_keep(train, wanted);
    if (status == FL_OK)
        status = fl_dataset_keep(test, wanted);
    free(wanted);
    return status;
}

fl_status fl_data_load(const fl_data_spec *spec, fl_dataset *train, fl_dataset *test) {
    kind which;
    memset(train, 0, sizeof *train);
    memset(test, 0, sizeof *test);
    FL_CHECK(find_kind(&which, spec->source));
    FL_CHECK(check_spec(spec, which));
    fl_status status = which == DIGITS || which == FOLDER ? load_images(spec, which, train, test)
                                                          : load_random(spec, which, train, test);
    if (status == FL_OK && spec->only)
        status = keep_only(spec, train, test);
    if (status != FL_OK) {
        fl_dataset_clear(train);
        fl_dataset_clear(test);
    }
    return status;
}
