#pragma once

/// Gives the calling thread, and what it starts, mounts of its own: nothing that is mounted from then
/// on is seen by others, and all of it goes with the last thread and program that see it.
///
/// Returns 0, or an errno: EPERM where the machine does not allow it.
int private_mounts(void);
