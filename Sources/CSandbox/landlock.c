#define _GNU_SOURCE
#include "CSandbox.h"
#include "sanitizing.h"

#include <errno.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

// Older headers than the running kernel's know fewer rights, so the structure and its bits are
// written out (linux/landlock.h, version 7 of the interface).
struct ruleset {
    uint64_t files;    // since 1; REFER 2, TRUNCATE 3, IOCTL_DEV 5
    uint64_t network;  // since 4: bind, connect
    uint64_t scoped;   // since 6: abstract sockets, signals
};

enum { get_version = 1 };

static uint64_t rights_to_files(int version) {
    uint64_t bits = (1 << 13) - 1;
    if (version >= 2) bits |= 1 << 13;
    if (version >= 3) bits |= 1 << 14;
    if (version >= 5) bits |= 1 << 15;
    return bits;
}

int vignette_deny_files(void) {
    if (VIGNETTE_SANITIZING) return -ENOTSUP;
    const long version = syscall(SYS_landlock_create_ruleset, NULL, 0, get_version);
    if (version < 0) return -errno;
    if (version == 0) return -ENOSYS;
    const struct ruleset rules = {
        .files = rights_to_files((int)version), .network = 3, .scoped = 3};
    // A kernel refuses fields that it does not know.
    const size_t size = version >= 6 ? sizeof rules : version >= 4 ? 16 : 8;
    const long ruleset = syscall(SYS_landlock_create_ruleset, &rules, size, 0);
    if (ruleset < 0) return -errno;
    // No rule is added: whatever is handled is denied everywhere.
    int code = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ? -errno : 0;
    if (!code && syscall(SYS_landlock_restrict_self, ruleset, 0)) code = -errno;
    close((int)ruleset);
    return code ? code : (int)version;
}
