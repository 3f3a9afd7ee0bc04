public import FileSystem
public import SystemPackage

public import WorkQueue

/// One file, a picture or a sidecar, of which is to be found out what it holds, lent to one worker.
public struct LeasedJob: Equatable, Sendable {
    /// The job's number.
    public var id: Int64
    /// Which lease of the job this is; once the catalogue has another number, this one is void.
    public var lease: Int64
    /// The file's number.
    public var fileID: Int64
    /// The root's number.
    public var rootID: Int64
    /// Whether the file is a sidecar.
    public var isSidecar: Bool
    /// Where the root is, absolute.
    public var root: FilePath
    /// The file's path below the root.
    public var relativePath: FilePath
    /// What the file is known on.
    public var volume: Volume
    /// The file as it was when it was queued.
    ///
    /// If `lstat` no longer says the same after decoding, the pixels may be of another picture:
    /// release the job, and let an observation decide.
    public var status: FileStatus
    /// Which attempt this is, counted from 1.
    public var attempt: Int
    /// Who works on it, for people who look.
    public var owner: String

    /// Where the file is, absolute.
    public var path: FilePath { root.pushing(relativePath) }

    /// Builds a job from its parts.
    public init(
        id: Int64, lease: Int64, fileID: Int64, rootID: Int64, root: FilePath,
        relativePath: FilePath, volume: Volume, status: FileStatus, attempt: Int, owner: String,
        isSidecar: Bool = false
    ) {
        self.id = id
        self.lease = lease
        self.fileID = fileID
        self.rootID = rootID
        self.root = root
        self.relativePath = relativePath
        self.volume = volume
        self.status = status
        self.attempt = attempt
        self.owner = owner
        self.isSidecar = isSidecar
    }
}

/// What is to be done with a file now that it is known what it holds.
public enum Identification: Equatable, Sendable {
    /// The asset has been described before; the job is done.
    case described(assetID: Int64)
    /// The asset is to be described, and the work is lent to this caller. The job only waits: it is done
    /// when the work is.
    case needsDescription(WorkLease)
    /// The asset is to be described by somebody else, or later. The job waits for that.
    case waiting(assetID: Int64)
    /// The lease is void: the file changed, went, or was requeued meanwhile. Drop the work.
    case superseded
}

/// A file that can be read for work on an asset.
public struct WorkSource: Equatable, Sendable {
    /// The file's number.
    public var fileID: Int64
    /// Where the root is, absolute.
    public var root: FilePath
    /// The root's number.
    public var rootID: Int64
    /// The file's path below the root.
    public var relativePath: FilePath
    /// What the file is known on.
    public var volume: Volume
    /// The file as it was when it was last found to hold the asset.
    ///
    /// If a look no longer says the same after decoding, the pixels may be of another picture: release
    /// the lease, and let an observation decide.
    public var status: FileStatus
    /// What the asset is, as far as it does not differ from file to file.
    public var facts: AssetFacts

    /// Where the file is, absolute.
    public var path: FilePath { root.pushing(relativePath) }
}

/// Where a job stands.
public enum JobState: String, CaseIterable, Sendable {
    /// Ready to be leased, at once or at a set time.
    case queued
    /// Waiting for work that describes its asset.
    case waiting
    /// In a worker's hands.
    case leased
    /// Its file is identified and described.
    case done
    /// Given up; `retry` revives it.
    case failed
}
