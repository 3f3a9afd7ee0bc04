import Digests
import MediaDecoding

/// The identity of a picture or clip: SHA-256 over what is seen, with what is only said left out.
///
/// The hash begins with the rule's name and version, then the format, then the orientation: turning
/// a picture changes what is seen without touching its data. Each part is preceded by a tag and its
/// length, so that bytes cannot move from one part to another unnoticed.
struct AssetHash: ~Copyable {
    /// Bytes read at a time.
    private static let piece = 1 << 20

    private let file: any ByteSource
    private var hash = MessageDigest()

    init(_ file: any ByteSource, _ format: String, _ orientation: Orientation) {
        self.file = file
        hash.update(Array("vignette asset 1 \(format)\0".utf8))
        hash.update([UInt8(orientation.rawValue)])
    }

    /// Adds the part of the file at `range`.
    mutating func add(_ tag: String, _ range: Range<Int>) throws(CodecError) {
        var prefix = Array("\(tag)\0".utf8)
        prefix.append(littleEndian: UInt64(range.count))
        hash.update(prefix)
        var position = range.lowerBound
        while position < range.upperBound {
            let size = min(Self.piece, range.upperBound - position)
            guard let bytes = try file.bytes(at: position, count: size) else { throw .cutShort }
            hash.update(bytes)
            position += size
        }
    }

    /// Adds a length and evenly spaced blocks of a long part, all of a short one.
    ///
    /// Of more than 16 MiB, 64 blocks of 64 KiB are read, the first and the last among them: enough
    /// to tell any two recordings apart, and quick on a clip of many gigabytes.
    mutating func addSample(_ tag: String, _ ranges: [Range<Int>]) throws(CodecError) {
        let total = ranges.reduce(0) { $0 + $1.count }
        let block = 1 << 16
        let blocks = 64
        guard total > 1 << 24 else {
            for range in ranges { try add(tag, range) }
            return
        }
        var prefix = Array("\(tag) of\0".utf8)
        prefix.append(littleEndian: UInt64(total))
        hash.update(prefix)
        for index in 0..<blocks {
            let start = (total - block) / (blocks - 1) * index
            for range in Self.slice(ranges, start..<start + block) { try add(tag, range) }
        }
        for range in Self.slice(ranges, total - block..<total) { try add(tag, range) }
    }

    /// The 32 bytes.
    consuming func finish() -> [UInt8] {
        hash.finalize()
    }

    /// The parts of the file behind a part of the concatenated `ranges`.
    private static func slice(_ ranges: [Range<Int>], _ wanted: Range<Int>) -> [Range<Int>] {
        var start = 0
        var parts: [Range<Int>] = []
        for range in ranges {
            let lower = max(wanted.lowerBound, start)
            let upper = min(wanted.upperBound, start + range.count)
            if lower < upper {
                let shift = range.lowerBound - start
                parts.append(lower + shift..<upper + shift)
            }
            start += range.count
        }
        return parts
    }
}
