/// The ICC profile in a JPEG file's APP2 segments (ICC.1, annex B.4).
///
/// Its parts are numbered from 1, and may stand in any order.
struct JPEGProfile {
    private static let mark = Array("ICC_PROFILE\0".utf8)

    private var parts: [Int: [UInt8]] = [:]
    private var total = 0

    /// Takes a segment, if it is a part of a profile.
    mutating func add(
        marker: UInt8, _ segment: Range<Int>, of file: any ByteSource
    ) throws(CodecError) {
        let mark = Self.mark
        guard marker == 0xe2, segment.count > mark.count + 2,
            let content = try file.bytes(at: segment.lowerBound, count: segment.count),
            content.starts(with: mark)
        else { return }
        let number = Int(content[mark.count])
        total = max(total, Int(content[mark.count + 1]))
        guard parts[number] == nil else { return }
        parts[number] = Array(content[(mark.count + 2)...])
    }

    /// The profile; `nil` if there is none, or not all of it.
    var whole: [UInt8]? {
        guard total > 0 else { return nil }
        // Some programs count from 0.
        let first = parts[0] == nil ? 1 : 0
        let ordered = (first..<first + total).compactMap { parts[$0] }
        return ordered.count == total ? Array(ordered.joined()) : nil
    }
}
