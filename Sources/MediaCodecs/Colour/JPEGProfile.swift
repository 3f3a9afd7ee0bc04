/// The ICC profile in a JPEG file's APP2 segments (ICC.1, annex B.4).
enum JPEGProfile {
    private static let mark = Array("ICC_PROFILE\0".utf8)

    /// The profile; `nil` if there is none, or not all of it.
    ///
    /// Its parts are numbered from 1, and may stand in any order.
    static func read(_ file: any ByteSource) throws(CodecError) -> [UInt8]? {
        var segments = JPEGSegments(file)
        var parts: [Int: [UInt8]] = [:]
        var total = 0
        while let segment = try segments.next(), segment.marker != 0xda {
            guard segment.marker == 0xe2, segment.content.count > mark.count + 2,
                let content = try file.bytes(
                    at: segment.content.lowerBound, count: segment.content.count),
                content.starts(with: mark)
            else { continue }
            let number = Int(content[mark.count])
            total = max(total, Int(content[mark.count + 1]))
            guard parts[number] == nil else { continue }
            parts[number] = Array(content[(mark.count + 2)...])
        }
        guard total > 0 else { return nil }
        // Some programs count from 0.
        let first = parts[0] == nil ? 1 : 0
        let ordered = (first..<first + total).compactMap { parts[$0] }
        return ordered.count == total ? Array(ordered.joined()) : nil
    }
}
