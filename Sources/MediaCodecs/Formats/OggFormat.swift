import MediaFormats

/// Ogg (RFC 3533), with Theora inside.
struct OggFormat: ClipFormat {
    /// Bytes at the end within which a page begins in any case; one has 65,307 at most.
    private static let tail = 1 << 17

    let formats = [MediaFormat.ogg]
    let demuxer = "ogg"

    func recognise(_ start: FileStart) -> MediaFormat? {
        start.has(Array("OggS".utf8) + [0]) && start.head.count >= 27 ? .ogg : nil
    }

    /// The last page must end within the file; whether a stream's last page says so is a matter of taste.
    func isCutShort(_ file: InputFile) throws(CodecError) -> Bool {
        let start = max(file.count - Self.tail, 0)
        guard let bytes = try file.bytes(at: start, count: file.count - start),
            let page = Self.lastPage(in: bytes)
        else { return true }
        guard let segments = try bytes.integer(at: page + 26, size: 1),
            let table = try bytes.bytes(at: page + 27, count: segments)
        else { return true }
        return page + 27 + segments + table.reduce(0) { $0 + Int($1) } > bytes.count
    }

    private static func lastPage(in bytes: [UInt8]) -> Int? {
        let mark = Array("OggS".utf8) + [0]
        return stride(from: bytes.count - mark.count, through: 0, by: -1)
            .first { bytes[$0] == mark[0] && bytes[$0...].starts(with: mark) }
    }
}
