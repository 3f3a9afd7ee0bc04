// Which mount and which file system an open directory is on, and opening without following links.
//
// System calls that glibc 2.36 does not wrap or that Swift's Glibc module does not offer. All that can fail return 0
// or a descriptor, or -1 with errno set.
#pragma once

#include <errno.h>
#include <fcntl.h>
#include <linux/btrfs.h>
#include <linux/fs.h>
#include <linux/msdos_fs.h>
#include <linux/openat2.h>
#include <linux/stat.h>
#include <linux/types.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef STATX_MNT_ID
#define STATX_MNT_ID 0x00001000U
#endif

// The number that /proc/self/mountinfo begins a line with, for the mount that `fd` was opened through.
// ENOTSUP before Linux 5.8.
static inline int vignette_mount_id(int fd, uint64_t *id) {
    // struct statx, of which stx_mask is at 0 and stx_mnt_id at 0x90 (statx(2)).
    union { uint64_t words[32]; uint32_t mask; } status;
    const int empty_path = 0x1000, as_cached = 0x4000; // AT_EMPTY_PATH, AT_STATX_DONT_SYNC
    memset(&status, 0, sizeof status);
    if (syscall(SYS_statx, fd, "", empty_path | as_cached, STATX_MNT_ID, &status) != 0) return -1;
    if ((status.mask & STATX_MNT_ID) == 0) {
        errno = ENOTSUP;
        return -1;
    }
    *id = status.words[0x90 / 8];
    return 0;
}

// O_PATH, which glibc keeps for _GNU_SOURCE: opened to look things up in, not to be read.
static const int vignette_o_path = 010000000;

// Opens a directory below another one to look things up in it; no link on the way is followed.
// ENOSYS before Linux 5.6; EPERM where a sandbox forbids what it does not know.
static inline int vignette_open_below(int directory, const char *path) {
    struct open_how how;
    memset(&how, 0, sizeof how);
    how.flags = (uint64_t)vignette_o_path | O_DIRECTORY | O_CLOEXEC;
    how.resolve = RESOLVE_NO_SYMLINKS | RESOLVE_BENEATH;
    return (int)syscall(SYS_openat2, directory, path, &how, sizeof how);
}

// Moves a file where nothing stands yet, in one step wherever the file system can.
static inline int vignette_move(int directory, const char *name, int target, const char *other) {
    const unsigned no_replace = 1; // RENAME_NOREPLACE
    if (syscall(SYS_renameat2, directory, name, target, other, no_replace) == 0) return 0;
    if (errno != EINVAL && errno != ENOSYS && errno != EPERM) return -1;
    if (faccessat(target, other, F_OK, AT_SYMLINK_NOFOLLOW) == 0) {
        errno = EEXIST;
        return -1;
    }
    return renameat(directory, name, target, other);
}

// Has the system begin to write a file's content to the disk, without waiting for it; a mere hint.
static inline void vignette_begin_writing(int fd) {
#ifdef SYS_sync_file_range
    const unsigned write = 2; // SYNC_FILE_RANGE_WRITE, which glibc keeps for _GNU_SOURCE
    syscall(SYS_sync_file_range, fd, (int64_t)0, (int64_t)0, write);
#else
    (void)fd;
#endif
}

// What FS_IOC_GETFSUUID (Linux 6.9) answers with.
struct vignette_uuid {
    uint8_t length;
    uint8_t bytes[16];
};

static inline int vignette_file_system_uuid(int fd, struct vignette_uuid *uuid) {
    return ioctl(fd, _IOR(0x15, 0, struct vignette_uuid), uuid);
}

static inline int vignette_btrfs_uuid(int fd, struct vignette_uuid *uuid) {
    struct btrfs_ioctl_fs_info_args info;
    memset(&info, 0, sizeof info);
    if (ioctl(fd, BTRFS_IOC_FS_INFO, &info) != 0) return -1;
    uuid->length = 16;
    memcpy(uuid->bytes, info.fsid, 16);
    return 0;
}

// XFS_IOC_FSGEOMETRY_V1: 112 bytes with the UUID at 64 (xfs_fs.h).
static inline int vignette_xfs_uuid(int fd, struct vignette_uuid *uuid) {
    struct { uint64_t words[14]; } geometry;
    memset(&geometry, 0, sizeof geometry);
    if (ioctl(fd, _IOR('X', 100, geometry), &geometry) != 0) return -1;
    uuid->length = 16;
    memcpy(uuid->bytes, &geometry.words[8], 16);
    return 0;
}

// The serial number of a FAT file system, and of exFAT where the kernel tells it.
static inline int vignette_fat_serial(int fd, struct vignette_uuid *uuid) {
    uint32_t serial = 0;
    if (ioctl(fd, FAT_IOCTL_GET_VOLUME_ID, &serial) != 0) return -1;
    uuid->length = 4;
    memcpy(uuid->bytes, &serial, 4);
    return 0;
}
