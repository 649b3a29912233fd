/* A virtual file driver that never fails.
 *
 * When a write fails, HDF5 cannot close the file any more: H5Fclose leaves a broken object behind,
 * and the library crashes at exit when it tries again (seen with 1.10.8, a full disk is enough). So
 * this driver reports success always, notes the first errno, and from then on keeps what it is
 * given in memory, where reads find it. That is little: the owner asks fl_h5_check after each
 * batch, writes no more, and closes, which writes HDF5's cache of metadata. */
#include "src/io/h5.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#if H5_VERSION_GE(1, 13, 0)
#include <H5FDdevelop.h>
#endif

struct fl_h5_excess {
    fl_h5_excess *next;
    haddr_t address;
    size_t size;
    unsigned char bytes[];
};

/* The first member is what HDF5 knows of a file. */
typedef struct disk_file {
    H5FD_t common;
    fl_h5_disk *disk;
    int fd;
    haddr_t allocated, end;
} disk_file;

static disk_file *of(H5FD_t *file) {
    return (disk_file *)(void *)file;
}

static const disk_file *of_const(const H5FD_t *file) {
    return (const disk_file *)(const void *)file;
}

/* The property list carries a pointer to the owner's fl_h5_disk. */
static H5FD_t *disk_open(const char *name, unsigned flags, hid_t access, haddr_t limit) {
    fl_h5_disk *const *disk = H5Pget_driver_info(access);
    (void)limit;
    disk_file *file = calloc(1, sizeof *file);
    if (!disk || !file || !(flags & H5F_ACC_CREAT)) {
        free(file);
        return NULL;
    }
    file->disk = *disk;
    file->fd = open(name, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (file->fd >= 0)
        return &file->common;
    file->disk->error = errno;
    free(file);
    return NULL;
}

static void note_error(fl_h5_disk *disk, int error) {
    if (!disk->error)
        disk->error = error ? error : EIO;
}

static herr_t disk_close(H5FD_t *common) {
    disk_file *file = of(common);
    if (close(file->fd) != 0)
        note_error(file->disk, errno);
    free(file);
    return 0;
}

static herr_t disk_query(const H5FD_t *file, unsigned long *flags) {
    (void)file;
    *flags = H5FD_FEAT_AGGREGATE_METADATA | H5FD_FEAT_ACCUMULATE_METADATA | H5FD_FEAT_DATA_SIEVE |
             H5FD_FEAT_AGGREGATE_SMALLDATA;
    return 0;
}

static haddr_t disk_allocated(const H5FD_t *file, H5FD_mem_t type) {
    (void)type;
    return of_const(file)->allocated;
}

static herr_t disk_set_allocated(H5FD_t *file, H5FD_mem_t type, haddr_t address) {
    (void)type;
    of(file)->allocated = address;
    return 0;
}

static haddr_t disk_end(const H5FD_t *file, H5FD_mem_t type) {
    (void)type;
    return of_const(file)->end;
}

/* Copies the part of an excess that lies within `size` bytes from `address`. */
static void overlay(const fl_h5_excess *excess, haddr_t address, size_t size,
                    unsigned char *bytes) {
    haddr_t low = excess->address > address ? excess->address : address;
    haddr_t high = excess->address + excess->size;
    if (high > address + size)
        high = address + size;
    if (low < high)
        memcpy(bytes + (low - address), excess->bytes + (low - excess->address), high - low);
}

static herr_t disk_read(H5FD_t *common, H5FD_mem_t type, hid_t transfer, haddr_t address,
                        size_t size, void *buffer) {
    disk_file *file = of(common);
    unsigned char *bytes = buffer;
    (void)type, (void)transfer;
    memset(bytes, 0, size); /* beyond the end of the file */
    for (size_t done = 0; done < size;) {
        ssize_t step = pread(file->fd, bytes + done, size - done, (off_t)(address + done));
        if (step < 0 && errno == EINTR)
            continue;
        if (step < 0)
            note_error(file->disk, errno);
        if (step <= 0)
            break;
        done += (size_t)step;
    }
    for (const fl_h5_excess *e = file->disk->excess; e; e = e->next)
        overlay(e, address, size, bytes);
    return 0;
}

static herr_t keep_h5_disk(fl_h5_disk *disk, haddr_t address, size_t size,
                           const unsigned char *bytes) {
    fl_h5_excess *excess = malloc(sizeof *excess + size);
    if (!excess)
        return -1;
    excess->next = NULL;
    excess->address = address;
    excess->size = size;
    memcpy(excess->bytes, bytes, size);
    *disk->newest = excess;
    disk->newest = &excess->next;
    return 0;
}

static herr_t disk_write(H5FD_t *common, H5FD_mem_t type, hid_t transfer, haddr_t address,
                         size_t size, const void *buffer) {
    disk_file *file = of(common);
    const unsigned char *bytes = buffer;
    (void)type, (void)transfer;
    size_t done = 0;
    while (!file->disk->error && done < size) {
        ssize_t step = pwrite(file->fd, bytes + done, size - done, (off_t)(address + done));
        if (step < 0 && errno == EINTR)
            continue;
        if (step <= 0)
            note_error(file->disk, step < 0 ? errno : ENOSPC);
        else
            done += (size_t)step;
    }
    if (address + size > file->end)
        file->end = address + size;
    return done < size ? keep_h5_disk(file->disk, address + done, size - done, bytes + done) : 0;
}

/* The file ends where HDF5's allocations end. */
static herr_t disk_truncate(H5FD_t *common, hid_t transfer, hbool_t closing) {
    disk_file *file = of(common);
    (void)transfer, (void)closing;
    if (file->end == file->allocated)
        return 0;
    if (!file->disk->error && ftruncate(file->fd, (off_t)file->allocated) != 0)
        note_error(file->disk, errno);
    file->end = file->allocated;
    return 0;
}

static const H5FD_class_t disk_class = {
#if H5_VERSION_GE(1, 13, 0)
    .version = H5FD_CLASS_VERSION,
    .value = (H5FD_class_value_t)517, /* any that HDF5 does not use itself */
#endif
    .name = "fixland",
    .maxaddr = (haddr_t)INT64_MAX,
    .fc_degree = H5F_CLOSE_WEAK,
    .fapl_size = sizeof(fl_h5_disk *),
    .open = disk_open,
    .close = disk_close,
    .query = disk_query,
    .get_eoa = disk_allocated,
    .set_eoa = disk_set_allocated,
    .get_eof = disk_end,
    .read = disk_read,
    .write = disk_write,
    .truncate = disk_truncate,
    .fl_map = H5FD_FLMAP_DICHOTOMY,
};

hid_t fl_h5_disk_driver(void) {
    return H5FDregister(&disk_class);
}

void fl_h5_disk_clear(fl_h5_disk *disk) {
    for (fl_h5_excess *e = disk->excess, *next; e; e = next) {
        next = e->next;
        free(e);
    }
    *disk = (fl_h5_disk){0};
}
