/* A disk that is full: files of this process cannot grow beyond `bytes` until test_disk_free. */
#ifndef FIXLAND_TEST_DISK_H
#define FIXLAND_TEST_DISK_H

#include <stddef.h>

void test_disk_full(size_t bytes);
void test_disk_free(void);

#endif
