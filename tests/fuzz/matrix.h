/* What the targets of matrices share. */
#ifndef FIXLAND_FUZZ_MATRIX_H
#define FIXLAND_FUZZ_MATRIX_H

#include <stddef.h>
#include <stdint.h>

/* Reads the bytes as a file of a matrix; what is read is written as text and as .npy, and must read back
 * to the same bits. */
void fuzz_matrix(const uint8_t *bytes, size_t length);

#endif
