/* What the writer and the reader of stores share: see fixland/store.h. */
#ifndef FIXLAND_IO_STORE_H
#define FIXLAND_IO_STORE_H

#include "fixland/store.h"

#define FL_STORE_FORMAT "fixland store"
#define FL_STORE_VERSION 1

/* Attributes of the root that are not provenance. */
extern const char *const fl_store_reserved[2];

#endif
