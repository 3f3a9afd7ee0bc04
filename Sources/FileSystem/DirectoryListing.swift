public import SystemPackage

/// The whole truth about one directory at one moment, as far as Vignette cares for it.
///
/// Ignored names are left out. What the catalogue knows below `directory` **on the same volume**, and
/// what is neither in `files` nor below one of `subdirectories` nor at or below one of `unknown`, no
/// longer exists. Of what is known there on other volumes a listing says nothing.
public struct DirectoryListing: Equatable, Sendable {
    /// The directory, relative to its root; empty for the root itself.
    public var directory: FilePath
    /// What the directory is on.
    public var volume: Volume
    /// The media files in it.
    public var files: [ListedFile]
    /// The directories in it.
    public var subdirectories: [FilePath.Component]
    /// Names of which it could not be found out what stands there.
    ///
    /// They may be files or directories, changed or not: what is known at and below them stays as it is.
    public var unknown: [FilePath.Component]

    /// Builds a listing from its parts.
    public init(
        directory: FilePath, volume: Volume, files: [ListedFile],
        subdirectories: [FilePath.Component], unknown: [FilePath.Component] = []
    ) {
        self.directory = directory
        self.volume = volume
        self.files = files
        self.subdirectories = subdirectories
        self.unknown = unknown
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
