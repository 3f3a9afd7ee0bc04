#define _GNU_SOURCE
#include "CSandbox.h"
#include "sanitizing.h"

#include <errno.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

// Reading from an open file, memory, locks, the clock, and the end. Decoding the files of
// Tests/Fixtures calls about half of these (strace -f); the others are what allocators, threads and
// other versions of the libraries call for the same ends, and what it takes to fail in good order.
static const int allowed[] = {
    SCMP_SYS(read), SCMP_SYS(readv), SCMP_SYS(pread64), SCMP_SYS(lseek), SCMP_SYS(close),
    SCMP_SYS(write), SCMP_SYS(writev), SCMP_SYS(recvmsg), SCMP_SYS(poll), SCMP_SYS(ppoll),
    SCMP_SYS(brk), SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(madvise), SCMP_SYS(futex),
    SCMP_SYS(sched_yield), SCMP_SYS(sched_getaffinity), SCMP_SYS(set_robust_list),
    SCMP_SYS(rseq), SCMP_SYS(membarrier), SCMP_SYS(getrandom), SCMP_SYS(clock_gettime),
    SCMP_SYS(clock_getres), SCMP_SYS(gettimeofday), SCMP_SYS(time), SCMP_SYS(nanosleep),
    SCMP_SYS(clock_nanosleep), SCMP_SYS(getrusage), SCMP_SYS(rt_sigaction),
    SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigreturn), SCMP_SYS(sigaltstack),
    SCMP_SYS(restart_syscall), SCMP_SYS(getpid), SCMP_SYS(gettid), SCMP_SYS(exit),
    SCMP_SYS(exit_group),
};

// What libraries try and do without: looking for files, and for what sort of thing a descriptor is.
static const int refused[] = {
    SCMP_SYS(open), SCMP_SYS(openat), SCMP_SYS(access), SCMP_SYS(faccessat),
    SCMP_SYS(faccessat2), SCMP_SYS(stat), SCMP_SYS(lstat), SCMP_SYS(fstat), SCMP_SYS(newfstatat),
    SCMP_SYS(statx), SCMP_SYS(readlink), SCMP_SYS(readlinkat), SCMP_SYS(getcwd), SCMP_SYS(ioctl),
    SCMP_SYS(fcntl), SCMP_SYS(sysinfo), SCMP_SYS(uname), SCMP_SYS(getuid), SCMP_SYS(geteuid),
    SCMP_SYS(getgid), SCMP_SYS(getegid), SCMP_SYS(socket), SCMP_SYS(mbind), SCMP_SYS(get_mempolicy),
};

static int add(scmp_filter_ctx filter, const int *calls, size_t count, uint32_t action) {
    for (size_t index = 0; index < count; index++) {
        const int code = seccomp_rule_add(filter, action, calls[index], 0);
        // An architecture may lack a call, for which there is then nothing to allow.
        if (code && code != -EDOM && code != -EOPNOTSUPP) return code;
    }
    return 0;
}

// Calls that are allowed with some arguments only.
static int add_narrow(scmp_filter_ctx filter) {
    const uint32_t allow = SCMP_ACT_ALLOW;
    const scmp_datum_t executable = PROT_EXEC;
    // Memory, but none that can be run.
    int code = seccomp_rule_add(
        filter, allow, SCMP_SYS(mmap), 1, SCMP_A2(SCMP_CMP_MASKED_EQ, executable, 0));
    if (!code) {
        code = seccomp_rule_add(
            filter, allow, SCMP_SYS(mprotect), 1, SCMP_A2(SCMP_CMP_MASKED_EQ, executable, 0));
    }
    // Threads, but no processes. clone3 keeps its flags in memory, where a filter does not see them;
    // the C library takes clone instead when there is none.
    if (!code) {
        code = seccomp_rule_add(
            filter, allow, SCMP_SYS(clone), 1,
            SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD));
    }
    if (!code) code = seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
    // Its own limits; and signals to itself, for abort().
    const scmp_datum_t self = (scmp_datum_t)getpid();
    if (!code) {
        code = seccomp_rule_add(
            filter, allow, SCMP_SYS(prlimit64), 1, SCMP_A0(SCMP_CMP_EQ, 0));
    }
    if (!code) {
        code = seccomp_rule_add(
            filter, allow, SCMP_SYS(tgkill), 1, SCMP_A0(SCMP_CMP_EQ, self));
    }
    // Names of threads and of memory, which codecs and allocators give.
    for (int index = 0; !code && index < 2; index++) {
        const int operation = index ? PR_SET_NAME : 0x53564d41 /* PR_SET_VMA */;
        code = seccomp_rule_add(
            filter, allow, SCMP_SYS(prctl), 1, SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)operation));
    }
    return code;
}

int vignette_deny_calls(void) {
    if (VIGNETTE_SANITIZING) return -ENOTSUP;
    const scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
    if (!filter) return -ENOSYS;
    int code = seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1);
    if (!code) code = add(filter, allowed, sizeof allowed / sizeof *allowed, SCMP_ACT_ALLOW);
    if (!code) {
        code = add(filter, refused, sizeof refused / sizeof *refused, SCMP_ACT_ERRNO(EACCES));
    }
    if (!code) code = add_narrow(filter);
    if (!code) code = seccomp_load(filter);
    seccomp_release(filter);
    return code;
}
