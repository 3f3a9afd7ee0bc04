#define _GNU_SOURCE
#include "CProcess.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

static void limit(int resource, uint64_t value) {
    const struct rlimit both = {.rlim_cur = value, .rlim_max = value};
    // Where the administrator's limit is lower already, that one stays.
    (void)setrlimit(resource, &both);
}

void vignette_limit_process(uint64_t memory, uint64_t descriptors) {
    // An idle child reads the end of its input when the parent dies; this is for a busy one.
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    // Neither a core file nor another process of this user shows what is in memory.
    prctl(PR_SET_DUMPABLE, 0);
    limit(RLIMIT_AS, memory);
    limit(RLIMIT_FSIZE, 0);
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_NOFILE, descriptors);
    (void)!nice(5);
}

void vignette_renew_processor_time(uint64_t seconds) {
    struct rusage used;
    struct rlimit current;
    if (getrusage(RUSAGE_SELF, &used) || getrlimit(RLIMIT_CPU, &current)) return;
    const uint64_t so_far = (uint64_t)used.ru_utime.tv_sec + (uint64_t)used.ru_stime.tv_sec;
    const uint64_t wanted = so_far + seconds + 1;
    current.rlim_cur = wanted < current.rlim_max ? wanted : current.rlim_max;
    (void)setrlimit(RLIMIT_CPU, &current);
}
