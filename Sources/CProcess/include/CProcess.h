#pragma once
// Starting a process with nothing inherited, and a process that gives up what it does not need.
//
// Here rather than in Swift because it needs calls that glibc declares for _GNU_SOURCE only or
// with enumerations of its own, which Swift's Glibc module does not offer.

#include <stdint.h>
#include <sys/types.h>

/// Starts `path` with `socket` as its standard input and output and `errors` as its standard error,
/// every other descriptor closed, no signal blocked or ignored, in a process group of its own.
///
/// Both descriptors must be above 2. Returns 0 and the process in `id`, or an errno.
int vignette_spawn(
    const char *path, char *const arguments[], char *const environment[], int socket, int errors,
    pid_t *id);

/// Limits this process for the rest of its life: `memory` bytes of address space, `descriptors` open
/// files, none of them written to, no core, no new privileges, low priority.
void vignette_limit_process(uint64_t memory, uint64_t descriptors);

/// Ends this process, whatever it is doing, as soon as the other end of `socket` is closed.
///
/// PR_SET_PDEATHSIG would do it without a thread, but fires already when the thread ends that started
/// the process, even though its program goes on and the process serves another thread by then.
void vignette_die_with_peer(int socket);

/// Gives this process `seconds` of processor time from now on; beyond them SIGXCPU ends it.
///
/// The kernel counts a process's whole life, so the limit moves ahead with each piece of work.
void vignette_renew_processor_time(uint64_t seconds);
