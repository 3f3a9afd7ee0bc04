import MediaDecoding
import MediaFormats

/// The clip that telephones put behind a still (motion photos).
///
/// Sources: Android's Motion Photo format 1.0 (XMP with the clip's length, the box `mpvd` in HEIC and
/// AVIF); Samsung's trailer, a list named SEFH before the last four bytes SEFT; and clips that were put
/// behind a file without a word.
struct AppendedClip {
    private let file: InputFile

    init(_ file: InputFile) {
        self.file = file
    }

    /// What is to be said of the clip of a still; `nil` if the file has none, whatever it says.
    ///
    /// Its metadata (`stated`) goes on speaking of a clip when a program drops that.
    func motionPhoto(
        _ format: MediaFormat, stated: MotionPhoto?
    ) throws(CodecError) -> MotionPhoto? {
        guard let start = try start(format, stated: stated) else { return nil }
        return MotionPhoto(
            bytesFromEnd: file.count - start, stillMicroseconds: stated?.stillMicroseconds)
    }

    private func start(_ format: MediaFormat, stated: MotionPhoto?) throws(CodecError) -> Int? {
        if let length = stated?.bytesFromEnd, try isClip(at: file.count - length) {
            return file.count - length
        }
        switch format {
        case .heic, .avif: return try boxed()
        case .jpeg:
            if let start = try inTrailer() { return start }
            return try behindPicture()
        default: return nil
        }
    }

    /// Whether an MP4 or QuickTime file begins there.
    private func isClip(at position: Int) throws(CodecError) -> Bool {
        guard position > 0, let size = try file.integer(at: position, size: 4), size >= 16,
            size <= file.count - position
        else { return false }
        return try file.bytes(at: position + 4, count: 4) == Array("ftyp".utf8)
    }

    /// Samsung's trailer: entries of two zero bytes, a kind, the distance before the list, a length.
    private func inTrailer() throws(CodecError) -> Int? {
        guard try file.bytes(at: file.count - 4, count: 4) == Array("SEFT".utf8),
            let size = try file.integer(at: file.count - 8, size: 4, .little),
            size >= 12, size <= file.count - 8
        else { return nil }
        let list = file.count - 8 - size
        guard try file.bytes(at: list, count: 4) == Array("SEFH".utf8),
            let count = try file.integer(at: list + 8, size: 4, .little)
        else { return nil }
        for index in 0..<min(count, (size - 12) / 12) {
            guard let distance = try file.integer(at: list + 16 + index * 12, size: 4, .little)
            else { break }
            // Again the kind, then the length of the name, and the name.
            let entry = list - distance
            guard let length = try file.integer(at: entry + 4, size: 4, .little), length == 16,
                try file.bytes(at: entry + 8, count: 16) == Array("MotionPhoto_Data".utf8),
                try isClip(at: entry + 24)
            else { continue }
            return entry + 24
        }
        return nil
    }

    /// Directly behind a JPEG's end, or behind some zeros.
    private func behindPicture() throws(CodecError) -> Int? {
        // Most files end with the picture; only others are looked through.
        guard try file.bytes(at: file.count - 2, count: 2) != [0xff, 0xd9] else { return nil }
        var segments = JPEGSegments(file)
        while try segments.next() != nil {}
        guard let end = segments.end, end < file.count else { return nil }
        let bytes = try file.bytes(at: end, count: min(4096, file.count - end)) ?? []
        // The first byte of a box's size is a zero too.
        let zeros = bytes.prefix { $0 == 0 }.count
        for start in max(zeros - 3, 0)...zeros where try isClip(at: end + start) {
            return end + start
        }
        return nil
    }

    /// In the box `mpvd`, or a second file behind the boxes of the first.
    private func boxed() throws(CodecError) -> Int? {
        var end = 0
        for box in try ISOBox.all(in: file, 0..<file.count) {
            if box.type == "mpvd", try isClip(at: box.content.lowerBound) {
                return box.content.lowerBound
            }
            if box.type == "ftyp", end > 0 { return end }
            end = box.content.upperBound
        }
        return nil
    }
}
