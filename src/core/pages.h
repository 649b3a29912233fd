/* Memory of large tables. */
#ifndef FIXLAND_PAGES_H
#define FIXLAND_PAGES_H

#include <stddef.h>

/* At least `bytes`, aligned to 64, in large pages from two megabytes on: for what is read here and there. Not
 * cleared. NULL when out of memory; free() it. */
void *pages_new(size_t bytes);

#endif
