/* See room.h. */
#include "src/core/room.h"

#include <stdint.h>
#include <stdlib.h>

#include "fixland/status.h"

void *room_more(void *list, size_t *room, size_t size, const char *what) {
    size_t more = 2 * *room + 64;
    void *moved = more > SIZE_MAX / size ? NULL : realloc(list, more * size);
    if (moved)
        *room = more;
    else
        fl_fail(FL_ENOMEM, "out of memory for %zu %s", more, what);
    return moved;
}
