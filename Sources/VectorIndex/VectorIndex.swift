import Synchronization
public import SystemPackage

/// The vectors of a library, to be searched: a file that is derived from the catalogue.
///
/// It may be removed at any time, and is read while another process appends to it. What is read for an
/// answer was checked before: heads of segments when it is opened, their signs when they are first looked at, and
/// each row when it is compared with a query. So a damaged file leads to an error that asks for
/// building it anew, and to no wrong answer.
public final class VectorIndex: Sendable {
    private let file: IndexFile
    private let state: Mutex<State>

    private struct State {
        var snapshot: IndexSnapshot
        /// How many of the first segments are known to be whole.
        var wholeSegments = 0
        /// What the last search worked in: fresh memory costs more than looking through it.
        var spare: SearchMemory?
    }

    /// Opens the index at `path` for searching.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - description: What it must have been made for.
    /// - Throws: `VectorIndexError`; what `asksForRebuild` goes away once it was built anew.
    public init(at path: FilePath, _ description: IndexDescription) throws(VectorIndexError) {
        file = try IndexFile(opening: path, for: description, isWriting: false)
        state = Mutex(State(snapshot: try IndexSnapshot(file)))
    }

    /// How many rows it has, as far as this object knows.
    public var count: Int { state.withLock(\.snapshot.commit.rows) }

    /// The sequence number of its last row, as far as this object knows.
    public var lastSequence: Int64? { state.withLock(\.snapshot.commit.lastSequence) }

    /// Takes notice of what was appended since.
    ///
    /// - Returns: Whether the file is still the one of its name; if not, it was built anew or removed, and
    ///   should be opened again.
    /// - Throws: `VectorIndexError`.
    @discardableResult public func refresh() throws(VectorIndexError) -> Bool {
        let commit = try file.commit()
        if commit != state.withLock(\.snapshot.commit) {
            let snapshot = try IndexSnapshot(file)
            state.withLock {
                if snapshot.commit.generation > $0.snapshot.commit.generation {
                    $0.snapshot = snapshot
                }
            }
        }
        return try file.isInPlace()
    }

    /// Removes the index at `path`, so that its writer builds it anew: for one that turned out to be damaged.
    ///
    /// - Throws: `.system`.
    public static func discard(at path: FilePath) throws(VectorIndexError) {
        try IndexFile.remove(path)
    }

    /// Finds the vectors whose products with a query are largest.
    ///
    /// - Parameters:
    ///   - query: As many numbers as the index' vectors have.
    ///   - count: How many to find at most.
    ///   - assets: The assets that may be found; `nil` for all.
    ///   - bestOfEachAsset: Whether of the rows of an asset only the best counts.
    ///   - least: The least product that is of interest, which saves work where few reach it: of what is below, some
    ///     may be found.
    /// - Returns: The best, the best first, and of equal ones the first appended.
    /// - Throws: `VectorIndexError`.
    public func nearest(
        to query: [Float], count: Int, among assets: AssetSet? = nil, bestOfEachAsset: Bool = false,
        atLeast least: Float = -.greatestFiniteMagnitude
    ) throws(VectorIndexError) -> NearestVectors {
        guard query.count == file.layout.dimension, query.allSatisfy(\.isFinite) else {
            throw .invalid(
                "a query has \(file.layout.dimension) finite numbers, and not \(query.count) like these"
            )
        }
        let (snapshot, whole, spare) = state.withLock { state in
            defer { state.spare = nil }
            return (state.snapshot, state.wholeSegments, state.spare)
        }
        let memory = SearchMemory.enough(for: snapshot.sealedRows, spare)
        let search = NearestSearch(
            snapshot: snapshot, query: query, count: max(count, 0), assets: assets,
            bestOfEachAsset: bestOfEachAsset, least: least, wholeSegments: whole, memory: memory)
        let answer = try search.run()
        state.withLock {
            $0.wholeSegments = max($0.wholeSegments, snapshot.sealedSegments)
            $0.spare = memory
        }
        return answer
    }
}
