#pragma once
// A process that can do nothing any more but compute, and talk over what it has open.
//
// Here rather than in Swift because Landlock has no library and libseccomp's rules are macros.

#include <stdint.h>

/// Takes every right to files, to the network and to other processes from the calling thread and
/// from those that it starts later (Landlock).
///
/// Returns the version of the interface that is in force, above 0, or a negative errno.
int vignette_deny_files(void);

/// Leaves all threads of this process only the system calls that decoding needs (seccomp).
///
/// Calls that libraries make as a matter of course fail with EACCES or ENOSYS; any other ends the
/// process with SIGSYS. Returns 0 or a negative errno.
int vignette_deny_calls(void);
