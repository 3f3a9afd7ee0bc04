public import SystemPackage

/// Why folders cannot be watched.
public struct FolderWatchingError: Error, CustomStringConvertible, Sendable {
    /// What is wrong and what to do.
    public var description: String
    /// The folder it is about, if it is about one.
    public var path: FilePath?
    /// The system's error behind it, if there is one.
    public var cause: Errno?

    init(_ description: String, path: FilePath? = nil, cause: Errno? = nil) {
        self.description = description
        self.path = path
        self.cause = cause
    }
}
