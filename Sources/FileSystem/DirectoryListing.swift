public import SystemPackage

/// The whole truth about one directory at one moment, as far as Vignette cares for it.
///
/// Ignored names are left out. What the catalogue knows below `directory` and is neither in `files`
/// nor below one of `subdirectories` no longer exists.
public struct DirectoryListing: Equatable, Sendable {
    /// The directory, relative to its root; empty for the root itself.
    public var directory: FilePath
    /// The media files in it.
    public var files: [ListedFile]
    /// The directories in it.
    public var subdirectories: [FilePath.Component]

    /// Builds a listing from its parts.
    public init(
        directory: FilePath, files: [ListedFile], subdirectories: [FilePath.Component]
    ) {
        self.directory = directory
        self.files = files
        self.subdirectories = subdirectories
    }
}

/// A media file in a listing.
public struct ListedFile: Equatable, Sendable {
    /// Its name within the directory.
    public var name: FilePath.Component
    /// Its status when it was listed.
    public var status: FileStatus
    /// Whether it has stood still long enough to be read; others exist, and are reported when settled.
    public var isSettled: Bool

    /// Builds an entry from its parts.
    public init(name: FilePath.Component, status: FileStatus, isSettled: Bool) {
        self.name = name
        self.status = status
        self.isSettled = isSettled
    }
}
