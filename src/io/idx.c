/* IDX files of images and labels: see idx.h. */
#include "fixland/idx.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "src/io/io.h"
#include "src/io/packed.h"

enum { IMAGES = 3, LABELS = 1 }; /* by their number of dimensions */

typedef struct header {
    size_t size[3];
    size_t bytes; /* of data: the product */
} header;

/* a b, or SIZE_MAX where that is too large. */
static size_t size_product(size_t a, size_t b) {
    size_t product;
    return __builtin_mul_overflow(a, b, &product) ? SIZE_MAX : product;
}

fl_status fl_images_new(fl_images *images, size_t count, size_t rows, size_t columns) {
    memset(images, 0, sizeof *images);
    size_t bytes = size_product(size_product(rows, columns), count);
    if (bytes == 0 || bytes == SIZE_MAX)
        return fl_fail(FL_EINVAL,
                       "%zu images of %zu x %zu: each must be at least 1, and fit memory", count,
                       rows, columns);
    images->pixels = calloc(bytes, 1);
    images->labels = calloc(count, 1);
    if (!images->pixels || !images->labels) {
        fl_images_clear(images);
        return fl_fail(FL_ENOMEM, "out of memory for %zu images of %zu x %zu", count, rows,
                       columns);
    }
    images->count = count;
    images->rows = rows;
    images->columns = columns;
    return FL_OK;
}

void fl_images_clear(fl_images *images) {
    free(images->pixels);
    free(images->labels);
    memset(images, 0, sizeof *images);
}

static const char *kind_name(int dimensions) {
    return dimensions == IMAGES ? "images" : "labels";
}

static fl_status truncated(const char *path, size_t got, size_t wanted) {
    return fl_fail(FL_EFORMAT, "%s: truncated: %zu bytes of data where the header promises %zu",
                   path, got, wanted);
}

static fl_status check_magic(const unsigned char *b, const char *path, int dimensions) {
    if (b[0] == 0 && b[1] == 0 && b[2] == 8 && b[3] == dimensions)
        return FL_OK;
    int other = IMAGES + LABELS - dimensions;
    if (b[0] == 0 && b[1] == 0 && b[2] == 8 && b[3] == other)
        return fl_fail(FL_EFORMAT, "%s: an IDX file of %s, not of %s", path, kind_name(other),
                       kind_name(dimensions));
    return fl_fail(
        FL_EFORMAT,
        "%s: not an IDX file of %s: it begins with %02x %02x %02x %02x, not 00 00 08 %02x", path,
        kind_name(dimensions), b[0], b[1], b[2], b[3], (unsigned)dimensions);
}

static fl_status read_idx_header(fl_packed *packed, int dimensions, header *h) {
    unsigned char bytes[16];
    size_t wanted = 4 + 4 * (size_t)dimensions, got;
    FL_CHECK(fl_packed_read(packed, bytes, wanted, &got));
    if (got >= 4)
        FL_CHECK(check_magic(bytes, packed->path, dimensions));
    if (got < wanted)
        return fl_fail(FL_EFORMAT, "%s: truncated: the header has %zu of %zu bytes", packed->path,
                       got, wanted);
    h->bytes = 1;
    for (int d = 0; d < dimensions; d++) {
        const unsigned char *b = bytes + 4 + 4 * d;
        h->size[d] = (size_t)b[0] << 24 | (size_t)b[1] << 16 | (size_t)b[2] << 8 | b[3];
        h->bytes = size_product(h->bytes, h->size[d]);
        if (h->size[d] == 0)
            return fl_fail(FL_EFORMAT, "%s: empty: dimension %d is 0", packed->path, d + 1);
    }
    size_t most = fl_packed_most(packed);
    if (h->bytes == SIZE_MAX || (most != SIZE_MAX && h->bytes > most - wanted))
        return fl_fail(
            FL_EFORMAT,
            "%s: truncated: the header promises more data than a file of this size holds",
            packed->path);
    return FL_OK;
}

/* Reads `wanted` bytes into memory that grows as they come, and nothing may follow. */
static fl_status read_data(fl_packed *packed, size_t wanted, uint8_t **data) {
    size_t room = 0, got = 0, more;
    uint8_t beyond;
    while (got == room && got < wanted) {
        size_t next = room ? 2 * room : (size_t)1 << 20;
        room = next < wanted ? next : wanted;
        uint8_t *grown = realloc(*data, room);
        if (!grown)
            return fl_fail(FL_ENOMEM, "%s: out of memory for %zu bytes", packed->path, room);
        *data = grown;
        FL_CHECK(fl_packed_read(packed, *data + got, room - got, &more));
        got += more;
    }
    if (got < wanted)
        return truncated(packed->path, got, wanted);
    FL_CHECK(fl_packed_read(packed, &beyond, 1, &more));
    if (more)
        return fl_fail(FL_EFORMAT, "%s: trailing bytes after the %zu that the header promises",
                       packed->path, wanted);
    return FL_OK;
}

static fl_status read_idx(const char *path, int dimensions, header *h, uint8_t **data) {
    fl_packed *packed = malloc(sizeof *packed);
    *data = NULL;
    if (!packed)
        return fl_fail(FL_ENOMEM, "%s: out of memory to read it", path);
    fl_status status = fl_packed_open(packed, path);
    if (status == FL_OK) {
        status = read_idx_header(packed, dimensions, h);
        if (status == FL_OK)
            status = read_data(packed, h->bytes, data);
        fl_packed_close(packed);
    }
    free(packed);
    return status;
}

static fl_status check_labels(const fl_images *images, size_t labels, const char *pixels_path,
                              const char *labels_path, size_t classes) {
    if (labels != images->count)
        return fl_fail(FL_EFORMAT, "%s: %zu labels, but %zu images in %s", labels_path, labels,
                       images->count, pixels_path);
    for (size_t k = 0; k < labels; k++)
        if (images->labels[k] >= classes)
            return fl_fail(FL_EFORMAT, "%s: label %zu is %d; labels of %zu classes are 0 to %zu",
                           labels_path, k + 1, images->labels[k], classes, classes - 1);
    return FL_OK;
}

fl_status fl_images_read(fl_images *images, const char *pixels_path, const char *labels_path,
                         size_t classes) {
    header pixels = {0}, labels = {0};
    memset(images, 0, sizeof *images);
    if (classes < 1 || classes > 256)
        return fl_fail(FL_EINVAL, "%zu classes: labels of one byte tell 1 to 256 apart", classes);
    fl_status status = read_idx(pixels_path, IMAGES, &pixels, &images->pixels);
    if (status == FL_OK)
        status = read_idx(labels_path, LABELS, &labels, &images->labels);
    images->count = pixels.size[0];
    images->rows = pixels.size[1];
    images->columns = pixels.size[2];
    if (status == FL_OK)
        status = check_labels(images, labels.size[0], pixels_path, labels_path, classes);
    if (status != FL_OK)
        fl_images_clear(images);
    return status;
}

static void write_header(FILE *stream, int dimensions, const size_t *size) {
    const unsigned char magic[4] = {0, 0, 8, (unsigned char)dimensions};
    fwrite(magic, 1, 4, stream);
    for (int d = 0; d < dimensions; d++)
        for (int shift = 24; shift >= 0; shift -= 8)
            putc((int)(size[d] >> shift & 255), stream);
}

static fl_status write_idx(const char *path, int force, int dimensions, const size_t *size,
                           const uint8_t *data) {
    fl_output output;
    size_t bytes = 1;
    for (int d = 0; d < dimensions; d++) {
        if (size[d] > UINT32_MAX)
            return fl_fail(FL_EINVAL, "%s: %zu is too much for an IDX file", path, size[d]);
        bytes *= size[d];
    }
    FL_CHECK(fl_output_open(&output, path, force));
    write_header(output.stream, dimensions, size);
    fwrite(data, 1, bytes, output.stream);
    return fl_output_commit(&output);
}

fl_status fl_images_write(const fl_images *images, const char *pixels_path, const char *labels_path,
                          int force) {
    size_t size[3] = {images->count, images->rows, images->columns};
    FL_CHECK(fl_output_allowed(labels_path, force));
    FL_CHECK(write_idx(pixels_path, force, IMAGES, size, images->pixels));
    return write_idx(labels_path, force, LABELS, size, images->labels);
}
