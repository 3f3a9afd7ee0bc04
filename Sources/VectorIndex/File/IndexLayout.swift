import CKernels

/// Where everything lies in an index file.
///
/// All numbers are little-endian. The file begins with a header of 4,096 bytes (`IndexHeader`,
/// `IndexCommit`):
///
///     0     "VGNTVECT"
///     8     version, dimension D, rows of a segment S, bytes of the identity   4 × UInt32
///     24    identity, zeros behind it                                         256 bytes
///     280   CRC-32C of bytes 0 ..< 280                                         UInt32
///     512   first commit
///     576   second commit
///
/// A commit says how much of what follows counts:
///
///     0     generation, rows                                                   2 × UInt64
///     16    sequence number of the last row                                    Int64
///     24    0                                                                  UInt32
///     28    CRC-32C of bytes 0 ..< 28, begun with the header's                 UInt32
///
/// The two are written in turn, and the valid one of the higher generation counts: while one is being
/// written, or is torn, the other stands. Behind the header lie segments of S rows, each beginning at a
/// multiple of 4,096; each of the parts of a segment begins at a multiple of 64:
///
///     head: CRC-32C of the rest of the head                                    UInt32
///           CRC-32C of assets to signs                                         UInt32
///           the segment's place, 0                                             2 × UInt32
///           centre, spread                                                     2 D × Float
///     assets                                                                   S × Int64
///     seconds                                                                  S × Int32
///     factors                                                                  S × Float
///     signs                                       S/8 × ⌈D/64⌉ × 8 × UInt64
///     records                                     S × (D rounded up to 4, + 8) bytes
///
/// `similarity.h` says what centre, spread, factors, signs and records are. Head, factors and signs are
/// written when the segment is full ("sealed"), and before the commit that says so; until then, its rows
/// are searched by their records alone. Bytes beyond the committed rows mean nothing.
struct IndexLayout: Equatable {
    static let headerBytes = 4096
    static let commitOffsets = [512, 576]

    let dimension: Int
    let segmentRows: Int

    init(_ description: IndexDescription) {
        dimension = description.dimension
        segmentRows = description.segmentRows
    }

    var words: Int { vk_sign_words(dimension) }
    var recordBytes: Int { vk_record_bytes(dimension) }

    // Offsets in a segment.
    static let headNumbers = 16
    var headBytes: Int { Self.headNumbers + 2 * dimension * 4 }
    var assets: Int { Self.rounded(headBytes, to: 64) }
    var seconds: Int { Self.rounded(assets + segmentRows * 8, to: 64) }
    var factors: Int { Self.rounded(seconds + segmentRows * 4, to: 64) }
    var signs: Int { Self.rounded(factors + segmentRows * 4, to: 64) }
    var records: Int { Self.rounded(signs + segmentRows * words * 8, to: 64) }
    var segmentBytes: Int { Self.rounded(records + segmentRows * recordBytes, to: 4096) }
    /// What the head's second check covers.
    var scanned: Range<Int> { assets..<signs + segmentRows * words * 8 }

    /// Where a segment begins.
    func offset(ofSegment segment: Int) -> Int { Self.headerBytes + segment * segmentBytes }

    /// The bytes of a file with so many rows.
    func fileBytes(rows: Int) -> Int {
        offset(ofSegment: (rows + segmentRows - 1) / segmentRows)
    }

    /// The most rows that offsets can be computed for.
    var maximumRows: Int { Int(UInt32.max) / segmentRows * segmentRows }

    private static func rounded(_ count: Int, to unit: Int) -> Int {
        (count + unit - 1) / unit * unit
    }
}
