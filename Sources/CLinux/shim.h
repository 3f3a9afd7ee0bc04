// The parts of the C library that Swift's Glibc module leaves out.
#pragma once

// What that module has is taken from it: read here once more, its types would belong to whichever of both modules the
// compiler happens to load first, and their members could only be named where that one is imported.
#if __has_feature(modules)
#pragma clang module import SwiftGlibc
#endif

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <sys/xattr.h>
#include <sys/vfs.h>

// Gives freed memory back to the kernel.
#include <malloc.h>

#include "mounts.h"
