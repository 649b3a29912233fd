/* Lists that grow. */
#ifndef FIXLAND_ROOM_H
#define FIXLAND_ROOM_H

#include <stddef.h>

/* Room for twice as many elements and some more, of `size` bytes each: returns the list at its new
 * place and sets *room. NULL, with a sentence that speaks of `what`, when memory is out: the list
 * and *room are as before, and the caller's status is FL_ENOMEM. */
void *room_more(void *list, size_t *room, size_t size, const char *what);

#endif
