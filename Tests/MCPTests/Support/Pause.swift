import Glibc

/// Lets others go on for a moment.
func pause() { usleep(500) }
