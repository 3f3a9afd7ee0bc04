public import FileSystem
public import SystemPackage

/// One file to identify and describe, lent to one worker.
public struct LeasedJob: Equatable, Sendable {
    /// The job's number.
    public var id: Int64
    /// Which lease of the job this is; once the catalogue has another number, this one is void.
    public var lease: Int64
    /// The file's number.
    public var fileID: Int64
    /// The root's number.
    public var rootID: Int64
    /// Where the root is, absolute.
    public var root: FilePath
    /// The file's path below the root.
    public var relativePath: FilePath
    /// The file as it was when it was queued.
    ///
    /// If `lstat` no longer says the same after decoding, the pixels may be of another picture:
    /// release the job, and let an observation decide.
    public var status: FileStatus
    /// Which attempt this is, counted from 1.
    public var attempt: Int

    /// Where the file is, absolute.
    public var path: FilePath { root.pushing(relativePath) }
}

/// What is to be done with a file now that it is known what it holds.
public enum Identification: Equatable, Sendable {
    /// The asset has been described before; the job is done.
    case described(assetID: Int64)
    /// The asset is this job's to describe; nobody else will until it ends.
    case needsDescription(assetID: Int64)
    /// Another job is describing the asset. This one waits: it is done when that one completes, and
    /// can be leased again when that one ends in any other way.
    case beingDescribed(assetID: Int64)
    /// The lease is void: the file changed, went, or was requeued meanwhile. Drop the work.
    case superseded
}

/// Where a job stands.
public enum JobState: String, CaseIterable, Sendable {
    /// Ready to be leased, at once or at a set time.
    case queued
    /// Waiting for another job that describes the same asset.
    case waiting
    /// In a worker's hands.
    case leased
    /// Its file is identified and described.
    case done
    /// Given up; `retry` revives it.
    case failed
}
