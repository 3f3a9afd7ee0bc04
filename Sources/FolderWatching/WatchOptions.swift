import MediaFormats
public import SystemPackage

/// A folder to watch.
public struct WatchedRoot: Equatable, Sendable {
    /// Where it is, as an absolute path; it may be a symbolic link to the folder.
    public var path: FilePath
    /// Whether nothing but sidecars is looked at in it.
    public var holdsOnlySidecars: Bool

    /// Names a folder.
    public init(path: FilePath, holdsOnlySidecars: Bool = false) {
        self.path = path
        self.holdsOnlySidecars = holdsOnlySidecars
    }
}

/// How folders are watched.
public struct WatchOptions: Sendable {
    /// How long a file must stand still before it is reported.
    public var settleTime: Duration = .seconds(2)
    /// Extensions of the still pictures that are reported, lower-case.
    public var stillExtensions: Set<String> = MediaFormat.stillExtensions
    /// Extensions of the videos that are reported, lower-case.
    public var videoExtensions: Set<String> = MediaFormat.clipExtensions
    /// Extensions of the files that are reported since they may say something of a picture beside them,
    /// lower-case.
    public var sidecarExtensions: Set<String> = ["xmp"]
    /// How often folders are looked at that the kernel reports nothing about.
    public var pollInterval: Duration = .seconds(60)
    /// How often an offline folder is looked for.
    public var offlineCheckInterval: Duration = .seconds(15)
    /// Whether every folder is polled, as if none could be watched.
    public var forcesPolling = false
    /// Whether symbolic links that lead out of all watched folders are followed, to files and to folders;
    /// links to files inside them are in any case.
    public var followsLinks = false
    /// How many events, files in listings counted, a call of the handler takes at most; a single
    /// listing may hold more.
    public var maximumBatch = 512
    /// How many directories deep below a root is looked; deeper ones are left out with a notice.
    public var maximumDepth = 128
    /// Names of files and directories that other programs keep beside pictures; ignored.
    public var ignoredNames: Set<String> = [
        "@eaDir", "#recycle", "#snapshot", "@Recycle", "@Recently-Snapshot", "$RECYCLE.BIN",
        "System Volume Information", "lost+found",
    ]
    /// Endings of names that are still being written, lower-case; ignored.
    public var partialSuffixes: [String] = [
        ".part", ".partial", ".tmp", ".crdownload", ".opdownload", ".filepart", ".download",
        ".!qb", ".aria2", "~",
    ]

    /// The defaults.
    public init() {}

    /// All extensions that are reported.
    public var extensions: Set<String> {
        stillExtensions.union(videoExtensions).union(sidecarExtensions)
    }
}
