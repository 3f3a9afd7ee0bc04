#pragma once
// Starting a process with nothing inherited, and a process that gives up what it does not need.
//
// Here rather than in Swift because it needs calls that glibc declares for _GNU_SOURCE only or
// with enumerations of its own, which Swift's Glibc module does not offer.

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/// Starts `path` with `socket` as its standard input and output and `errors` as its standard error,
/// every other descriptor closed, no signal blocked or ignored, in a session of its own.
///
/// Both descriptors must be above 2. Returns 0 and the process in `id`, or an errno.
int vignette_spawn(
    const char *path, char *const arguments[], char *const environment[], int socket, int errors,
    pid_t *id);

/// Opens a media file for reading, without blocking on a pipe and without taking a terminal.
///
/// With a `root`, `path` is relative to it, and nothing below the root may be a symbolic link or lead
/// out of it: whoever may write there could otherwise swap a folder for a link to somebody else's
/// pictures between the look and the opening. Returns a descriptor or a negative errno.
int vignette_open_media(const char *root, const char *path);

/// Sends `count` bytes over `socket` and with the first of them `descriptor`, unless it is negative.
///
/// Returns what sendmsg returns.
ssize_t vignette_send_with_descriptor(
    int socket, const void *bytes, size_t count, int descriptor);

/// Receives up to `count` bytes, and puts a descriptor that came along into `descriptor`, else -1.
///
/// Returns what recvmsg returns.
ssize_t vignette_receive_with_descriptor(int socket, void *bytes, size_t count, int *descriptor);

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

/// Asks which processors a thread may run on, 0 for the calling one: bits, the lowest processor first.
///
/// Returns how many bytes of the mask were filled, or -1 with errno set (sched_setaffinity(2)).
long vignette_get_affinity(pid_t thread, void *mask, size_t bytes);

/// Says which processors a thread may run on, 0 for the calling one, in the same form. Returns 0, or -1 with errno set.
long vignette_set_affinity(pid_t thread, const void *mask, size_t bytes);
