#define _GNU_SOURCE
#include "CProcess.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static const int flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;

// One component after another, for kernels and sandboxes without openat2.
static int open_stepwise(int folder, const char *path) {
    int current = fcntl(folder, F_DUPFD_CLOEXEC, 3);
    if (current < 0) return -errno;
    while (1) {
        while (*path == '/') path++;
        const size_t length = strcspn(path, "/");
        char name[NAME_MAX + 1];
        int code = length > NAME_MAX ? ENAMETOOLONG : 0;
        if (!code) {
            memcpy(name, path, length);
            name[length] = 0;
            if (!strcmp(name, "..")) code = EXDEV;
        }
        const int is_last = path[length] == 0;
        const int more = is_last ? flags : O_PATH | O_DIRECTORY | O_CLOEXEC;
        const int next = code ? -1 : openat(current, name, more | O_NOFOLLOW);
        if (!code && next < 0) code = errno;
        close(current);
        if (code) return -code;
        if (is_last) return next;
        current = next;
        path += length;
    }
}

static int open_beneath(int folder, const char *path) {
    const struct open_how how = {
        .flags = (uint64_t)flags, .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS};
    while (1) {
        const long file = syscall(SYS_openat2, folder, path, &how, sizeof how);
        if (file >= 0) return (int)file;
        // EAGAIN: a folder was renamed somewhere meanwhile, and the kernel cannot tell whether it matters.
        if (errno == EINTR || errno == EAGAIN) continue;
        // Sandboxes that do not know the call answer EPERM, which a file can do as well.
        if (errno == ENOSYS || errno == EPERM) return open_stepwise(folder, path);
        return -errno;
    }
}

int vignette_open_media(const char *root, const char *path) {
    if (!root) {
        const int file = open(path, flags);
        return file < 0 ? -errno : file;
    }
    const int folder = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) return -errno;
    const int file = open_beneath(folder, path);
    close(folder);
    return file;
}
