/* A dataset that grows by rows, with a buffer of one chunk in front of it. */
#ifndef FIXLAND_IO_STORE_COLUMN_H
#define FIXLAND_IO_STORE_COLUMN_H

#include "src/io/h5.h"

typedef struct fl_store_column {
    hid_t dataset; /* 0 or less: not created */
    hid_t type;    /* of an entry in memory */
    int rank;      /* 1: a row is a number; 2: a row is `entries` numbers */
    size_t entries, row_bytes;
    size_t chunk; /* rows a chunk */
    unsigned char *buffer;
    size_t buffered;  /* rows */
    uint64_t written; /* rows */
} fl_store_column;

/* Creates the dataset, empty. `stored` and `given` are the types of an entry in the file and in
 * memory; entries = 0 makes a dataset of rank 1. Negative on failure. */
herr_t fl_store_column_create(fl_store_column *column, hid_t parent, const char *name, hid_t stored,
                              hid_t given, size_t entries);

/* Appends a row of row_bytes; when a chunk is full it is written. */
herr_t fl_store_column_push(fl_store_column *column, const void *row);

/* Rows so far. */
uint64_t fl_store_column_rows(const fl_store_column *column);

/* Writes what is buffered. */
herr_t fl_store_column_flush(fl_store_column *column);
void fl_store_column_close(fl_store_column *column);

#endif
