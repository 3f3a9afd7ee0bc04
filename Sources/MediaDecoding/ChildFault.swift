import SystemPackage

/// What went wrong between parent and child, before it is blamed on a file.
enum ChildFault: Error {
    /// The child cannot be started.
    case cannotStart(Errno)
    /// The deadline passed.
    case timedOut
    /// The child closed its end: it died.
    case closed
    /// The child said something that no child says.
    case nonsense(String)
    /// A system call failed in the parent.
    case system(Errno)
}
