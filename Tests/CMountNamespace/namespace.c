#define _GNU_SOURCE
#include "CMountNamespace.h"
#include <errno.h>
#include <sched.h>
#include <stddef.h>
#include <sys/mount.h>

int private_mounts(void) {
    if (unshare(CLONE_NEWNS) != 0) return errno;
    return mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 ? 0 : errno;
}
