#define _GNU_SOURCE
#include "CProcess.h"

#include <poll.h>
#include <pthread.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

static void limit(int resource, uint64_t value) {
    const struct rlimit both = {.rlim_cur = value, .rlim_max = value};
    // Where the administrator's limit is lower already, that one stays.
    (void)setrlimit(resource, &both);
}

void vignette_limit_process(uint64_t memory, uint64_t descriptors) {
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    // Neither a core file nor another process of this user shows what is in memory.
    prctl(PR_SET_DUMPABLE, 0);
    limit(RLIMIT_AS, memory);
    limit(RLIMIT_FSIZE, 0);
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_NOFILE, descriptors);
    (void)!nice(5);
}

static void *wait_for_the_end(void *socket) {
    struct pollfd entry = {.fd = (int)(intptr_t)socket, .events = POLLRDHUP};
    while (poll(&entry, 1, -1) < 0) {
        // Interrupted by a signal.
    }
    _exit(0);
}

void vignette_die_with_peer(int socket) {
    pthread_attr_t attributes;
    pthread_t thread;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, 64 << 10);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_create(&thread, &attributes, wait_for_the_end, (void *)(intptr_t)socket);
    pthread_attr_destroy(&attributes);
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
