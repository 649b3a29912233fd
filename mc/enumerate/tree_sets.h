/* The base of the tree kernel's leaves, and its tables (fl_tree_sets). Internal to mc/enumerate. */
#ifndef FIXLAND_ENUMERATE_TREE_SETS_H
#define FIXLAND_ENUMERATE_TREE_SETS_H

#include <stdbool.h>

#include "mc/enumerate/tree_tables.h"

/* Can a search with spins 0 .. below - 1 free have a base? */
bool tree_sets_possible(size_t n, size_t below);

/* Gives the tables a base out of the spins 0 .. below - 1. FL_ENOMEM. */
fl_status tree_sets_make(tree_tables *t, size_t below);

#endif
