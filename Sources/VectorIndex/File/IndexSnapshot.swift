import CKernels
import SystemPackage

/// What an index held at one moment: the rows of one commit.
final class IndexSnapshot: Sendable {
    let commit: IndexCommit
    let layout: IndexLayout
    private let mapping: IndexMapping
    private let path: FilePath

    /// Maps what counts of a file, and checks the heads of its sealed segments.
    ///
    /// - Throws: `.unusable`, `.system`.
    init(_ file: IndexFile) throws(VectorIndexError) {
        commit = try file.commit()
        layout = file.layout
        path = file.path
        mapping = try file.map(byteCount: layout.fileBytes(rows: commit.rows))
        for segment in 0..<sealedSegments {
            let head = start(of: segment)
            guard vk_crc32c(0, head + 4, layout.headBytes - 4) == head.load(as: UInt32.self),
                head.load(fromByteOffset: 8, as: UInt32.self) == UInt32(segment)
            else { throw damage("the head of its segment \(segment) is damaged") }
        }
    }

    var sealedSegments: Int { commit.rows / layout.segmentRows }
    /// Segments with rows.
    var segments: Int { (commit.rows + layout.segmentRows - 1) / layout.segmentRows }
    /// Rows of sealed segments.
    var sealedRows: Int { sealedSegments * layout.segmentRows }

    /// The rows of a segment that count.
    func rows(in segment: Int) -> Int {
        min(commit.rows - segment * layout.segmentRows, layout.segmentRows)
    }

    /// Whether what is looked at before the records is as it was written.
    func isWhole(_ segment: Int) -> Bool {
        let part = layout.scanned
        return vk_crc32c(0, start(of: segment) + part.lowerBound, part.count)
            == start(of: segment).load(fromByteOffset: 4, as: UInt32.self)
    }

    func damage(_ reason: String) -> VectorIndexError { .unusable(path, reason: reason) }

    // MARK: A segment's parts

    func centre(of segment: Int) -> UnsafePointer<Float> {
        part(IndexLayout.headNumbers, of: segment)
    }

    func spread(of segment: Int) -> UnsafePointer<Float> {
        centre(of: segment) + layout.dimension
    }

    func assets(of segment: Int) -> UnsafePointer<Int64> { part(layout.assets, of: segment) }
    func factors(of segment: Int) -> UnsafePointer<Float> { part(layout.factors, of: segment) }
    func signs(of segment: Int) -> UnsafePointer<UInt64> { part(layout.signs, of: segment) }

    func vectors(of segment: Int) -> vk_vectors {
        vk_vectors(
            records: part(layout.records, of: segment), assets: assets(of: segment),
            seconds: part(layout.seconds, of: segment), dimension: layout.dimension,
            stride: layout.recordBytes)
    }

    /// The asset and second of a row.
    func owner(of row: Int) -> (asset: Int64, second: Int32) {
        let vectors = vectors(of: row / layout.segmentRows)
        let place = row % layout.segmentRows
        return (vectors.assets[place], vectors.seconds[place])
    }

    private func start(of segment: Int) -> UnsafeRawPointer {
        mapping.base + layout.offset(ofSegment: segment)
    }

    private func part<Element>(_ offset: Int, of segment: Int) -> UnsafePointer<Element> {
        (start(of: segment) + offset).assumingMemoryBound(to: Element.self)
    }
}
