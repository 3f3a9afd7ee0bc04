/// Walks the segments of a JPEG file (ITU T.81, annex B) up to the end of its first picture.
///
/// What follows that end, such as the second picture or the clip that telephones append, is no part
/// of it. Reads piece by piece, whatever the file's size.
struct JPEGSegments {
    /// A marker with its content, or the entropy-coded data that follows a scan's header.
    struct Segment {
        /// The marker's second byte; 0 for entropy-coded data.
        let marker: UInt8
        /// Where its content stands, behind marker and length.
        let content: Range<Int>
    }

    /// Where the picture ends, behind its end marker, once that was found.
    private(set) var end: Int?
    private let file: any ByteSource
    private var position = 2
    private var isInScan = false

    /// Starts behind the start-of-image marker.
    init(_ file: any ByteSource) {
        self.file = file
    }

    /// The next segment; `nil` at the end of the picture or where the file ends or makes no sense.
    mutating func next() throws(CodecError) -> Segment? {
        if isInScan {
            isInScan = false
            let start = position
            position = try endOfScan(from: start)
            return Segment(marker: 0, content: start..<position)
        }
        guard let marker = try nextMarker() else { return nil }
        guard marker != 0xd9 else {
            end = position
            return nil
        }
        if marker == 0x01 || (0xd0...0xd8).contains(marker) {
            return Segment(marker: marker, content: position..<position)
        }
        guard let length = try file.integer(at: position, size: 2), length >= 2,
            length <= file.count - position
        else { return nil }
        let content = position + 2..<position + length
        position = content.upperBound
        isInScan = marker == 0xda
        return Segment(marker: marker, content: content)
    }

    /// Reads the next marker; fill bytes, and bytes that belong to nothing, are skipped as libjpeg does.
    private mutating func nextMarker() throws(CodecError) -> UInt8? {
        position = try endOfScan(from: position, restartsAreData: false)
        guard try file.integer(at: position, size: 1) == 0xff,
            let marker = try file.integer(at: position + 1, size: 1)
        else { return nil }
        position += 2
        return UInt8(marker)
    }

    /// Where the first marker stands that is neither a stuffed zero nor, within a scan, a restart.
    private func endOfScan(
        from start: Int, restartsAreData: Bool = true
    ) throws(CodecError) -> Int {
        let piece = 1 << 16
        var offset = start
        while offset + 1 < file.count {
            // One byte of overlap, for a marker that lies across two pieces.
            let size = min(piece, file.count - offset)
            guard let bytes = try file.bytes(at: offset, count: size) else { break }
            if let found = Self.firstMarker(in: bytes, restartsAreData) { return offset + found }
            offset += size - 1
        }
        return file.count
    }

    private static func firstMarker(in bytes: [UInt8], _ restartsAreData: Bool) -> Int? {
        bytes.withUnsafeBufferPointer { bytes in
            for index in 0..<max(bytes.count - 1, 0) where bytes[index] == 0xff {
                let second = bytes[index + 1]
                if second == 0 || second == 0xff { continue }
                if !restartsAreData || !(0xd0...0xd7).contains(second) { return index }
            }
            return nil
        }
    }
}
