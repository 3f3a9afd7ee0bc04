#define _GNU_SOURCE
#include "CProcess.h"

#include <sys/syscall.h>
#include <unistd.h>

// The system calls themselves: glibc's functions do not say how many bytes the kernel has filled.

long vignette_get_affinity(pid_t thread, void *mask, size_t bytes) {
    return syscall(SYS_sched_getaffinity, thread, bytes, mask);
}

long vignette_set_affinity(pid_t thread, const void *mask, size_t bytes) {
    return syscall(SYS_sched_setaffinity, thread, bytes, mask);
}
