/* Memory for columns. Internal to mc/dynamics. */
#ifndef FIXLAND_DYNAMICS_PAGES_H
#define FIXLAND_DYNAMICS_PAGES_H

#include <stddef.h>

/* At least `bytes`, aligned to 64, in large pages where there are many: columns are visited in
 * random order. Not cleared. NULL when out of memory; free() it. */
void *pages_new(size_t bytes);

#endif
