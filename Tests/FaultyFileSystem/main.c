// faulty-file-system SOURCE MOUNTPOINT CONTROL: shows the folder SOURCE at MOUNTPOINT, for reading, as
// a file system that behaves badly. It ends when it is unmounted.
//
// It gives every file a new inode number at each look, as exFAT, FAT and many FUSE file systems do, and
// as many looks as the file CONTROL says fail: "10" is one in ten, "0" or an empty file none. They fail
// with EIO, ESTALE, ENOTCONN and EACCES in turn.
//
// Speaks the kernel's protocol itself (linux/fuse.h, version 7.31), so that no library is needed; one
// request at a time, nothing is cached by the kernel.
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/fuse.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

static int device, control;
static uint64_t looks, random_state = 88172645463325252u;

// Paths by node number; a node is looked up once and forgotten once.
static char **paths;
static size_t node_count, node_room;

static uint64_t new_node(const char *path) {
    if (node_count == node_room) {
        node_room = node_room ? 2 * node_room : 1024;
        paths = realloc(paths, node_room * sizeof *paths);
        if (!paths) abort();
    }
    paths[node_count] = strdup(path);
    return node_count++;
}

static const char *path_of(uint64_t node) {
    return node < node_count && paths[node] ? paths[node] : NULL;
}

static void forget(uint64_t node) {
    // The first one is unused, the second the mounted folder.
    if (node < 2 || node >= node_count) return;
    free(paths[node]);
    paths[node] = NULL;
}

// The error that this look fails with, or 0.
static int fault(void) {
    char text[16] = {0};
    if (pread(control, text, sizeof text - 1, 0) <= 0) return 0;
    unsigned long period = strtoul(text, NULL, 10);
    if (period == 0) return 0;
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    static const int errors[] = {EIO, ESTALE, ENOTCONN, EACCES};
    return random_state % period == 0 ? errors[looks++ % 4] : 0;
}

static void answer(uint64_t unique, int error, const void *data, size_t size) {
    struct {
        struct fuse_out_header header;
        char data[1 << 17];
    } out;
    if (error) size = 0;
    out.header.len = sizeof out.header + size;
    out.header.error = -error;
    out.header.unique = unique;
    if (size) memcpy(out.data, data, size);
    // It fails when the request was interrupted; then nobody waits for it.
    if (write(device, &out, out.header.len) < 0 && errno == ENODEV) exit(0);
}

static void fill(struct fuse_attr *attr, const struct stat *status) {
    static uint64_t number = 1000;
    memset(attr, 0, sizeof *attr);
    attr->ino = ++number;
    attr->size = status->st_size;
    attr->blocks = status->st_blocks;
    attr->atime = status->st_atim.tv_sec;
    attr->mtime = status->st_mtim.tv_sec;
    attr->mtimensec = status->st_mtim.tv_nsec;
    // Made up as well: the moment of the look.
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    attr->ctime = now.tv_sec;
    attr->ctimensec = now.tv_nsec;
    attr->mode = status->st_mode;
    attr->nlink = 1;
    attr->uid = status->st_uid;
    attr->gid = status->st_gid;
    attr->blksize = 4096;
}

static void look_up(const struct fuse_in_header *in, const char *name) {
    const char *folder = path_of(in->nodeid);
    char path[PATH_MAX];
    struct stat status;
    struct fuse_entry_out out = {0};
    int error = folder ? fault() : ESTALE;
    if (!error && snprintf(path, sizeof path, "%s/%s", folder, name) >= (int)sizeof path)
        error = ENAMETOOLONG;
    if (!error && lstat(path, &status) != 0) error = errno;
    if (!error) {
        out.nodeid = new_node(path);
        fill(&out.attr, &status);
    }
    answer(in->unique, error, &out, sizeof out);
}

static void get_attributes(const struct fuse_in_header *in) {
    const char *path = path_of(in->nodeid);
    struct stat status;
    struct fuse_attr_out out = {0};
    int error = path ? fault() : ESTALE;
    if (!error && lstat(path, &status) != 0) error = errno;
    if (!error) fill(&out.attr, &status);
    answer(in->unique, error, &out, sizeof out);
}

static void read_link(const struct fuse_in_header *in) {
    const char *path = path_of(in->nodeid);
    char text[PATH_MAX];
    int error = path ? fault() : ESTALE;
    ssize_t size = error ? 0 : readlink(path, text, sizeof text);
    if (size < 0) error = errno;
    answer(in->unique, error, text, size > 0 ? size : 0);
}

static void open_file(const struct fuse_in_header *in) {
    const char *path = path_of(in->nodeid);
    struct fuse_open_out out = {0};
    int error = path ? fault() : ESTALE;
    int file = error ? -1 : open(path, O_RDONLY | O_CLOEXEC);
    if (!error && file < 0) error = errno;
    out.fh = file;
    out.open_flags = FOPEN_DIRECT_IO;
    answer(in->unique, error, &out, sizeof out);
}

static void read_file(const struct fuse_in_header *in, const struct fuse_read_in *request) {
    static char data[1 << 16];
    size_t size = request->size < sizeof data ? request->size : sizeof data;
    int error = fault();
    ssize_t count = error ? 0 : pread(request->fh, data, size, request->offset);
    if (count < 0) error = errno;
    answer(in->unique, error, data, count > 0 ? count : 0);
}

static void open_folder(const struct fuse_in_header *in) {
    const char *path = path_of(in->nodeid);
    struct fuse_open_out out = {0};
    int error = path ? fault() : ESTALE;
    DIR *folder = error ? NULL : opendir(path);
    if (!error && !folder) error = errno;
    out.fh = (uintptr_t)folder;
    answer(in->unique, error, &out, sizeof out);
}

// May fail at the beginning or, in a large folder, midway.
static void read_folder(const struct fuse_in_header *in, const struct fuse_read_in *request) {
    static char data[4096];
    DIR *folder = (DIR *)(uintptr_t)request->fh;
    int error = fault();
    size_t size = 0;
    seekdir(folder, request->offset);
    while (!error) {
        struct dirent *entry = readdir(folder);
        if (!entry) break;
        size_t length = strlen(entry->d_name);
        size_t room = FUSE_DIRENT_ALIGN(FUSE_NAME_OFFSET + length);
        if (size + room > sizeof data || size + room > request->size) break;
        struct fuse_dirent *record = (struct fuse_dirent *)(data + size);
        memset(record, 0, room);
        record->ino = entry->d_ino;
        record->off = telldir(folder);
        record->namelen = length;
        // Some file systems leave it to a look at each entry what kind it is.
        record->type = entry->d_ino % 2 ? DT_UNKNOWN : entry->d_type;
        memcpy(record->name, entry->d_name, length);
        size += room;
    }
    answer(in->unique, error, data, size);
}

static void tell_space(const struct fuse_in_header *in) {
    struct fuse_statfs_out out = {0};
    out.st.bsize = out.st.frsize = 4096;
    out.st.namelen = 255;
    answer(in->unique, fault(), &out, sizeof out);
}

static void begin(const struct fuse_in_header *in, const struct fuse_init_in *request) {
    struct fuse_init_out out = {0};
    out.major = FUSE_KERNEL_VERSION;
    out.minor = request->minor < 31 ? request->minor : 31;
    out.max_readahead = 0;
    out.max_background = 16;
    out.congestion_threshold = 12;
    out.max_write = 1 << 16;
    out.time_gran = 1;
    answer(in->unique, 0, &out, sizeof out);
}

static void serve(const struct fuse_in_header *in) {
    const void *body = in + 1;
    switch (in->opcode) {
    case FUSE_INIT: begin(in, body); break;
    case FUSE_LOOKUP: look_up(in, body); break;
    case FUSE_GETATTR: get_attributes(in); break;
    case FUSE_READLINK: read_link(in); break;
    case FUSE_OPEN: open_file(in); break;
    case FUSE_READ: read_file(in, body); break;
    case FUSE_OPENDIR: open_folder(in); break;
    case FUSE_READDIR: read_folder(in, body); break;
    case FUSE_STATFS: tell_space(in); break;
    case FUSE_RELEASE:
        close(((const struct fuse_release_in *)body)->fh);
        answer(in->unique, 0, NULL, 0);
        break;
    case FUSE_RELEASEDIR:
        closedir((DIR *)(uintptr_t)((const struct fuse_release_in *)body)->fh);
        answer(in->unique, 0, NULL, 0);
        break;
    case FUSE_FORGET: forget(in->nodeid); break;
    case FUSE_BATCH_FORGET: {
        const struct fuse_batch_forget_in *batch = body;
        const struct fuse_forget_one *one = (const void *)(batch + 1);
        for (uint32_t index = 0; index < batch->count; index++) forget(one[index].nodeid);
        break;
    }
    case FUSE_INTERRUPT: break;
    case FUSE_DESTROY: exit(0);
    default: answer(in->unique, ENOSYS, NULL, 0);
    }
}

int main(int count, char **arguments) {
    if (count != 4) {
        fprintf(stderr, "usage: faulty-file-system SOURCE MOUNTPOINT CONTROL\n");
        return 2;
    }
    device = open("/dev/fuse", O_RDWR | O_CLOEXEC);
    control = open(arguments[3], O_RDONLY | O_CLOEXEC);
    if (device < 0 || control < 0) {
        perror(device < 0 ? "/dev/fuse" : arguments[3]);
        return 1;
    }
    new_node("");
    new_node(arguments[1]);
    char options[128];
    snprintf(
        options, sizeof options, "fd=%d,rootmode=40000,user_id=0,group_id=0,allow_other", device);
    if (mount(arguments[1], arguments[2], "fuse.faulty", MS_NOSUID | MS_NODEV, options) != 0) {
        perror(arguments[2]);
        return 1;
    }
    static char request[1 << 17];
    while (1) {
        ssize_t size = read(device, request, sizeof request);
        if (size < 0 && errno == ENODEV) return 0;
        if (size >= (ssize_t)sizeof(struct fuse_in_header)) serve((const void *)request);
    }
}
