public import SystemPackage

/// Writes an index; there is one writer at a time.
///
/// A kill at any moment leaves what the last commit says. Nothing waits for the disk but the sealing of a
/// segment: after a loss of power checks tell what did not get there, and the index is built anew.
public final class VectorIndexWriter {
    /// How many rows are asked of a source at a time.
    static let batchRows = 2048
    /// Rows beyond those of the source that an index may have, besides an eighth, until it is built anew
    /// without them.
    static let toleratedRows = 4096

    /// The file.
    public let path: FilePath
    private let description: IndexDescription
    private let lock: IndexLock
    private var segments: SegmentWriter
    /// Why what was found at the beginning was not used; `nil` if it was.
    public private(set) var reasonForNew: VectorIndexError?

    /// Opens the index at `path` for writing, or begins an empty one where there is none that can be used.
    ///
    /// Readers keep what they have open, and the name leads to the old file until another takes its place.
    ///
    /// - Parameters:
    ///   - path: The file, in a folder that exists.
    ///   - description: What it is made for.
    /// - Throws: `.busy`, `.system`.
    public init(at path: FilePath, _ description: IndexDescription) throws(VectorIndexError) {
        self.path = path
        self.description = description
        lock = try IndexLock(for: path)
        do {
            let file = try IndexFile(opening: path, for: description, isWriting: true)
            // Checks the heads of the segments.
            _ = try IndexSnapshot(file)
            segments = try SegmentWriter(file)
        } catch  where error.asksForRebuild {
            reasonForNew = error
            segments = try Self.begin(at: path, description)
            try segments.file.moveInPlace(of: path)
        }
    }

    /// How many rows it has.
    public var count: Int { segments.commit.rows }
    /// The sequence number of its last row.
    public var lastSequence: Int64? { segments.commit.lastSequence }

    /// Appends vectors and commits them together.
    ///
    /// - Parameter vectors: In the order of their sequence numbers, all of which are above `lastSequence`.
    /// - Throws: `.removed`, `.system`; `.invalid` for vectors that do not fit. Nothing is committed then.
    public func append(_ vectors: [IndexedVector]) throws(VectorIndexError) {
        guard try segments.file.isInPlace() else { throw .removed(path) }
        try segments.append(vectors)
    }

    /// Appends what a source has beyond the last row; or builds the index anew, where it was removed, or
    /// has rows that the source has no more, too many of them or the latest.
    ///
    /// - Parameters:
    ///   - source: Where the rows come from.
    ///   - shouldStop: Asked after each batch; what was appended stays, and a new index is given up.
    /// - Returns: Whether it was built anew.
    /// - Throws: `VectorIndexError`, or what the source throws.
    @discardableResult public func update(
        from source: some VectorSource, shouldStop: () -> Bool = { false }
    ) throws -> Bool {
        let extent = try source.extent()
        if try needsRebuild(for: extent) {
            try rebuild(from: source, shouldStop: shouldStop)
            return true
        }
        try Self.fill(&segments, from: source, shouldStop: shouldStop)
        return false
    }

    /// Builds the index anew beside the present one, which serves until the new one takes its place.
    ///
    /// - Parameters:
    ///   - source: Where the rows come from.
    ///   - shouldStop: Asked after each batch; a new index is given up then.
    /// - Throws: `VectorIndexError`, or what the source throws.
    public func rebuild(
        from source: some VectorSource, shouldStop: () -> Bool = { false }
    ) throws {
        var fresh = try Self.begin(at: path, description)
        guard try Self.fill(&fresh, from: source, shouldStop: shouldStop) else { return }
        try fresh.file.moveInPlace(of: path)
        segments = fresh
    }

    private func needsRebuild(
        for extent: (count: Int, lastSequence: Int64?)
    ) throws(VectorIndexError) -> Bool {
        guard try segments.file.isInPlace() else { return true }
        let surplus = count - extent.count
        return lastSequence ?? .min > extent.lastSequence ?? .min
            || surplus > Self.toleratedRows + extent.count / 8
    }

    /// - Returns: Whether all was appended.
    @discardableResult private static func fill(
        _ segments: inout SegmentWriter, from source: some VectorSource, shouldStop: () -> Bool
    ) throws -> Bool {
        while !shouldStop() {
            let vectors = try source.vectors(
                after: segments.commit.lastSequence, limit: batchRows)
            if !vectors.isEmpty { try segments.append(vectors) }
            if vectors.count < batchRows { return true }
        }
        return false
    }

    /// An empty file beside the index, under a name that only the holder of the lock uses.
    private static func begin(
        at path: FilePath, _ description: IndexDescription
    ) throws(VectorIndexError) -> SegmentWriter {
        let beside = FilePath(path.string + ".new")
        try IndexFile.remove(beside)
        return try SegmentWriter(try IndexFile(creating: beside, for: description))
    }
}
