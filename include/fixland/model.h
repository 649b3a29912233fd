/* Trained networks in HDF5 files, and the state of a run that is to be continued.
 *
 *   /              attributes: the provenance, one string each; format = "fixland model",
 *                  format_version = 3 (1 and 2 are read); features, outputs, epoch (finished ones), seed; state: the
 *                  fingerprint of the run whose checkpoint this is, "" in a model
 *   /training      one attribute a parameter, with the name of its option: integers, reals, the
 *                  word of a choice, 0 or 1 for a switch
 *   /data          attributes source, features, train, test, classes, flip, latent, length, raw,
 *                  seed; only, where there is one; crc32 of the examples
 *   /rows          in a checkpoint, float64, epoch x 8: the numbers of the epochs so far
 *   /J0 ...        float32, rows x columns: the arrays of learn.h; a slash in a name makes a group
 *
 * No times are stored: the same content gives the same bytes. As all HDF5 here for one thread at a
 * time; a full disk is FL_EIO and leaves no file. */
#ifndef FIXLAND_MODEL_H
#define FIXLAND_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fixland/dataset.h"
#include "fixland/learn.h"
#include "fixland/meta.h"
#include "fixland/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Numbers of an epoch's row. */
enum { FL_MODEL_ROW = 8 };

/* What a model file tells besides the arrays. The learner owns the training. */
typedef struct fl_model {
    fl_learner *learner;
    fl_data_spec data;
    size_t features, outputs, epoch;
    uint64_t seed;
    bool data_known; /* is there a checksum of the training and test examples? (fl_dataset_crc32) */
    unsigned long data_crc32;
    double *rows;      /* epoch x FL_MODEL_ROW, what a checkpoint's table had so far; NULL: none */
    const char *state; /* NULL or "": none */
    char *source, *only, *owned; /* behind data.source, data.only, state in a model that was read */
} fl_model;

/* Whole or not at all; an existing file is refused unless `force` (FL_EEXIST). FL_EIO,
 * FL_ENOMEM. */
fl_status fl_model_write(const fl_model *m, const char *path, bool force, const fl_meta *meta);

/* FL_EIO, or FL_EFORMAT with the file and the part that is wrong. Release with fl_model_clear. */
fl_status fl_model_read(fl_model *m, const char *path);
void fl_model_clear(fl_model *m);

#ifdef __cplusplus
}
#endif
#endif
