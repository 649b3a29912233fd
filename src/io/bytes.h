/* Little-endian numbers in bytes. */
#ifndef FIXLAND_IO_BYTES_H
#define FIXLAND_IO_BYTES_H

#include <stdint.h>

static inline void fl_put_number(unsigned char *bytes, uint64_t value, int count) {
    for (int k = 0; k < count; k++)
        bytes[k] = (unsigned char)(value >> 8 * k);
}

static inline uint64_t fl_get_number(const unsigned char *bytes, int count) {
    uint64_t value = 0;
    for (int k = count; k-- > 0;)
        value = value << 8 | bytes[k];
    return value;
}

#endif
