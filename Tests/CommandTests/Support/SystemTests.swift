import Testing

/// The tests that run the built programs, one at a time: each has the machine's processors to
/// itself, and none waits longer because of another.
@Suite(.serialized) enum SystemTests {}
