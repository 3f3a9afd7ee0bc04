#define _GNU_SOURCE
#include "CProcess.h"

#include <signal.h>
#include <spawn.h>

static int set_descriptors(posix_spawn_file_actions_t *actions, int socket, int errors) {
    int code = posix_spawn_file_actions_adddup2(actions, socket, 0);
    if (!code) code = posix_spawn_file_actions_adddup2(actions, socket, 1);
    if (!code) code = posix_spawn_file_actions_adddup2(actions, errors, 2);
    if (!code) code = posix_spawn_file_actions_addclosefrom_np(actions, 3);
    return code;
}

static int set_signals(posix_spawnattr_t *attributes) {
    sigset_t signals;
    sigemptyset(&signals);
    int code = posix_spawnattr_setsigmask(attributes, &signals);
    sigfillset(&signals);
    if (!code) code = posix_spawnattr_setsigdefault(attributes, &signals);
    const short flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSID;
    if (!code) code = posix_spawnattr_setflags(attributes, flags);
    return code;
}

int vignette_spawn(
    const char *path, char *const arguments[], char *const environment[], int socket, int errors,
    pid_t *id) {
    posix_spawn_file_actions_t actions;
    int code = posix_spawn_file_actions_init(&actions);
    if (code) return code;
    posix_spawnattr_t attributes;
    code = posix_spawnattr_init(&attributes);
    if (!code) {
        code = set_descriptors(&actions, socket, errors);
        if (!code) code = set_signals(&attributes);
        if (!code) code = posix_spawn(id, path, &actions, &attributes, arguments, environment);
        posix_spawnattr_destroy(&attributes);
    }
    posix_spawn_file_actions_destroy(&actions);
    return code;
}
