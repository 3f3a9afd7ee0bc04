// The parts of the C library that Swift's Glibc module leaves out.
#pragma once

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <sys/xattr.h>
#include <sys/vfs.h>

// Gives freed memory back to the kernel.
#include <malloc.h>

#include "mounts.h"
