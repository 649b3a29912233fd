/* Damaged files must not take the program along.
 *
 * The HDF5 library trusts what it reads in places: a flipped bit can make it read beyond its memory
 * or go round for ever (seen with 1.10.8, under texts of variable length). Files with a seal are
 * known to be whole before it sees them. All others are first read by a child process, with limits
 * on time and memory; a file that the child does not survive is refused.
 *
 * What a file promises is also held against what it has: deflate, the strongest of the usual
 * filters, makes at most 1032 bytes of one (zlib's technical notes). */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "src/core/sanitized.h"
#include "src/io/h5.h"
#include "src/io/io.h"

enum { MOST_RATIO = 1032, SLACK = 1 << 20, MOST_READ = 1 << 26 };

static bool filters_known(hid_t creation, int *missing, char name[64]) {
    int count = H5Pget_nfilters(creation);
    for (int k = 0; k < count; k++) {
        unsigned flags, configuration;
        size_t parameters = 0;
        H5Z_filter_t filter = H5Pget_filter2(creation, (unsigned)k, &flags, &parameters, NULL, 64,
                                             name, &configuration);
        if (filter < 0 || H5Zfilter_avail(filter) <= 0) {
            *missing = filter;
            return false;
        }
    }
    return true;
}

/* a b, or the largest number where that is too large. */
static hsize_t hsize_product(hsize_t a, hsize_t b) {
    hsize_t product;
    return __builtin_mul_overflow(a, b, &product) ? ~(hsize_t)0 : product;
}

static fl_status too_much(const char *label, const char *what) {
    return fl_fail(FL_EFORMAT, "%s: damaged: %s promises more than a file of this size can hold",
                   label, what);
}

/* Chunks are unpacked whole, so that their size counts too. */
static fl_status check_chunk(hid_t creation, hsize_t width, hsize_t most, const char *label) {
    hsize_t sizes[H5S_MAX_RANK], bytes = width;
    int rank = H5Pget_chunk(creation, H5S_MAX_RANK, sizes);
    for (int k = 0; k < rank; k++)
        bytes = hsize_product(bytes, sizes[k]);
    return bytes > most ? too_much(label, "its chunk") : FL_OK;
}

fl_status fl_h5_plausible(hid_t dataset, const char *label) {
    char filter[64] = "";
    int missing = 0;
    hsize_t file_size = 0, storage = H5Dget_storage_size(dataset);
    fl_h5_id file = H5Iget_file_id(dataset);
    fl_h5_id creation = H5Dget_create_plist(dataset);
    fl_h5_id type = H5Dget_type(dataset);
    fl_h5_id space = H5Dget_space(dataset);
    if (file < 0 || creation < 0 || type < 0 || space < 0 || H5Fget_filesize(file, &file_size) < 0)
        return fl_h5_fail(FL_EFORMAT, label, "cannot be read");
    if (!filters_known(creation, &missing, filter))
        return fl_fail(FL_EFORMAT,
                       "%s: packed by the filter '%s' (number %d), which is not installed here; "
                       "write it without compression, or with gzip",
                       label, filter, missing);
    hssize_t points = H5Sget_simple_extent_npoints(space);
    hsize_t width = H5Tget_size(type),
            bytes = hsize_product(points < 0 ? 0 : (hsize_t)points, width);
    bool packed = H5Pget_nfilters(creation) > 0;
    if (storage > file_size)
        return too_much(label, "its place");
    hsize_t most = packed ? hsize_product(storage, MOST_RATIO) + SLACK : storage;
    bool chunked = H5Pget_layout(creation) == H5D_CHUNKED;
    if (bytes > most)
        return too_much(label, "its shape");
    return chunked
               ? check_chunk(creation, width, hsize_product(file_size, MOST_RATIO) + SLACK, label)
               : FL_OK;
}

/* ---- In the child. */

/* Each returns a negative number where something is there and cannot be read. */

static herr_t try_attribute(hid_t object, const char *name, const H5A_info_t *info, void *data) {
    (void)info, (void)data;
    fl_h5_id attribute = H5Aopen(object, name, H5P_DEFAULT);
    fl_h5_id type = attribute < 0 ? -1 : H5Aget_type(attribute);
    fl_h5_id space = attribute < 0 ? -1 : H5Aget_space(attribute);
    if (type < 0 || space < 0)
        return -1;
    if (H5Tget_class(type) != H5T_STRING || H5Sget_simple_extent_npoints(space) != 1)
        return 0;
    char *text = fl_h5_attribute_text(attribute);
    free(text);
    return text ? 0 : -1;
}

static herr_t try_attributes(hid_t object) {
    hsize_t next = 0;
    if (H5Aiterate2(object, H5_INDEX_NAME, H5_ITER_INC, &next, try_attribute, NULL) < 0)
        return -1;
    next = 0; /* this order is not kept by all files */
    H5Aiterate2(object, H5_INDEX_CRT_ORDER, H5_ITER_INC, &next, try_attribute, NULL);
    return 0;
}

static herr_t try_dataset(hid_t dataset) {
    fl_h5_id type = H5Dget_type(dataset);
    fl_h5_id space = H5Dget_space(dataset);
    if (type < 0 || space < 0)
        return -1;
    hssize_t points = H5Sget_simple_extent_npoints(space);
    size_t width = H5Tget_size(type);
    H5T_class_t class = H5Tget_class(type);
    if ((class != H5T_INTEGER && class != H5T_FLOAT) || points <= 0 || width == 0 ||
        fl_h5_plausible(dataset, "") != FL_OK || (hsize_t)points > MOST_READ / width)
        return 0;
    void *values = malloc((size_t)points * width);
    herr_t result = values ? H5Dread(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) : 0;
    free(values);
    return result;
}

static herr_t try_object(hid_t root, const char *name, const H5O_info_t *info, void *data) {
    (void)data;
    fl_h5_id object = H5Oopen(root, name, H5P_DEFAULT);
    if (object < 0 || try_attributes(object) < 0)
        return -1;
    return info->type == H5O_TYPE_DATASET ? try_dataset(object) : 0;
}

/* Identifiers of all kinds that are open. */
static hsize_t open_count(void) {
    static const H5I_type_t kinds[] = {H5I_FILE, H5I_GROUP, H5I_DATASET, H5I_ATTR};
    hsize_t sum = 0, count;
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
        if (H5Inmembers(kinds[k], &count) >= 0)
            sum += count;
    return sum;
}

/* What the child tells, as its exit code. */
enum { READABLE = 0, UNREADABLE = 10, KEPT = 11 };

/* Whether the library gets through the file, and lets go of it afterwards. What it cannot open the
 * parent must not even try: it would be left with a broken object. */
static int try_file(const char *path) {
    hsize_t before = open_count();
    hid_t file = fl_h5_open_plain(path);
    if (file < 0)
        return UNREADABLE;
    herr_t result = H5Ovisit2(file, H5_INDEX_NAME, H5_ITER_INC, try_object, NULL, H5O_INFO_BASIC);
    return H5Fclose(file) >= 0 && result >= 0 && open_count() == before ? READABLE : KEPT;
}

/* Bytes that this process has mapped; 0 where the system does not tell (what has no /proc). */
static rlim_t bytes_mapped(void) {
    char text[32] = "";
    int file = open("/proc/self/statm", O_RDONLY);
    ssize_t length = file < 0 ? 0 : read(file, text, sizeof text - 1);
    if (file >= 0)
        close(file);
    return length > 0 ? (rlim_t)strtoull(text, NULL, 10) * (rlim_t)sysconf(_SC_PAGESIZE) : 0;
}

/* Beside what the parent has mapped already, which a child has too: stacks and buffers of many threads are more than any file
 * needs. */
static void limit_memory(void) {
    struct rlimit memory;
    rlim_t mapped = bytes_mapped(), most = mapped + ((rlim_t)8 << 30);
    if (mapped == 0 || getrlimit(RLIMIT_AS, &memory) != 0)
        return;
    memory.rlim_cur = memory.rlim_cur < most ? memory.rlim_cur : most;
    setrlimit(RLIMIT_AS, &memory);
}

static void limit_child(uint64_t size) {
    rlim_t seconds = 2 + size / (16 << 20);
    struct rlimit processor = {seconds, seconds}, core = {0, 0};
    for (int number = 1; number < 32; number++) /* handlers are the parent's affair */
        signal(number, SIG_DFL);
    setrlimit(RLIMIT_CPU, &processor);
    setrlimit(RLIMIT_CORE, &core);
    alarm((unsigned)(10 * seconds));
    if (!FL_SANITIZED)
        limit_memory();
}

/* What the library prints before it dies is nobody's concern. */
static void silence_child(void) {
    int nothing = open("/dev/null", O_RDWR);
    for (int fd = 0; nothing >= 0 && fd < 3; fd++)
        dup2(nothing, fd);
}

fl_status fl_h5_vet(const char *path) {
    struct stat status;
    int state = 0;
    pid_t child, ended;
    if (stat(path, &status) != 0)
        return fl_fail_read(path, errno);
    child = fork();
    if (child == 0) {
        silence_child();
        limit_child((uint64_t)status.st_size);
        _exit(try_file(path));
    }
    if (child < 0)
        return fl_fail(FL_EIO, "%s: cannot be looked at: %s", path, strerror(errno));
    do
        ended = waitpid(child, &state, 0);
    while (ended < 0 && errno == EINTR);
    int code = ended == child && WIFEXITED(state) ? WEXITSTATUS(state) : KEPT;
    if (code == READABLE)
        return FL_OK;
    if (code == UNREADABLE)
        return fl_fail(FL_EFORMAT, "%s: not a readable HDF5 file: it is damaged or truncated",
                       path);
    if (ended < 0 && errno == ECHILD) /* the caller has children taken care of elsewhere */
        return FL_OK;
    return fl_fail(FL_EFORMAT, "%s: damaged: the HDF5 library does not get through it", path);
}
