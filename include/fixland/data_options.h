/* The options that say which data a tool learns from: members of a mode's settings, and tables for
 * them (fl_option.group of cli.h). */
#ifndef FIXLAND_DATA_OPTIONS_H
#define FIXLAND_DATA_OPTIONS_H

#include "fixland/dataset.h"
#include "fixland/field_options.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { FL_DATA_FIELDS = 8 };

typedef struct fl_data_settings {
    const char *source, *only; /* only: NULL unless given */
    uint64_t seed;
    fl_field_value values[FL_DATA_FIELDS];
    bool source_given, seed_given, given[FL_DATA_FIELDS];
} fl_data_settings;

/* For an fl_data_settings: with defaults of their own, or with those of a model that was read. */
extern const fl_option fl_data_options[], fl_model_data_options[];

/* The request for data: what was given, else that of `otherwise` (a model's), else (NULL) the
 * source's own, with `seed`. FL_EUSAGE for a list where one value is meant and for a value of flip,
 * latent or length that the source does nothing with, FL_ENOMEM. */
fl_status fl_data_from(const fl_data_settings *settings, const fl_data_spec *otherwise,
                       uint64_t seed, fl_data_spec *spec);

/* Has the source bits that `flip` turns? */
bool fl_data_has_flips(const fl_data_spec *spec);

/* Are its targets classes, or any bits? */
bool fl_data_has_classes(const char *source);

/* Was any of it given? */
bool fl_data_given(const fl_data_settings *settings);

/* Every parameter into the provenance, with the names of the options. FL_ENOMEM. */
fl_status fl_data_describe(const fl_data_spec *spec, fl_meta *meta);

#ifdef __cplusplus
}
#endif
#endif
