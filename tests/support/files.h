/* Files made by tests. */
#ifndef FIXLAND_TEST_FILES_H
#define FIXLAND_TEST_FILES_H

#include <stddef.h>

/* A setup for cmocka: the scratch folder is there and empty. */
int test_empty_scratch(void **state);

void test_write_bytes(const char *path, const void *bytes, size_t length);
void test_write_text(const char *path, const char *text);

/* Fails unless the file holds exactly this text, or both files the same bytes. */
void test_assert_text(const char *path, const char *expected);
void test_assert_same_files(const char *path, const char *other);

#endif
