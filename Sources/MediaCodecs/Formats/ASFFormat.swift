import MediaFormats

/// Microsoft's Advanced Systems Format: WMV (specification of 2004).
struct ASFFormat: ClipFormat {
    private static let header: [UInt8] = [
        0x30, 0x26, 0xb2, 0x75, 0x8e, 0x66, 0xcf, 0x11, 0xa6, 0xd9, 0, 0xaa, 0, 0x62, 0xce, 0x6c,
    ]
    private static let fileProperties: [UInt8] = [
        0xa1, 0xdc, 0xab, 0x8c, 0x47, 0xa9, 0xcf, 0x11, 0x8e, 0xe4, 0, 0xc0, 0x0c, 0x20, 0x53, 0x65,
    ]
    private static let data: [UInt8] = [
        0x36, 0x26, 0xb2, 0x75, 0x8e, 0x66, 0xcf, 0x11, 0xa6, 0xd9, 0, 0xaa, 0, 0x62, 0xce, 0x6c,
    ]
    /// Objects read of a header; real ones have some dozens.
    private static let maximumObjects = 1000

    let formats = [MediaFormat.asf]
    let demuxer = "asf"

    func recognise(_ start: FileStart) -> MediaFormat? {
        start.has(Self.header) ? .asf : nil
    }

    /// The data object follows the header; its size, and that of the file, are known unless the clip is
    /// a broadcast (3.2).
    func isCutShort(_ file: InputFile) throws(CodecError) -> Bool {
        guard let size = try file.integer(at: 16, size: 8, .little), size <= file.count - 24,
            try file.bytes(at: size, count: 16) == Self.data,
            let length = try file.integer(at: size + 16, size: 8, .little)
        else { return true }
        if let properties = try properties(of: file),
            let flags = try file.integer(at: properties + 64, size: 4, .little), flags & 1 != 0
        {
            return false
        }
        return length > file.count - size
    }

    /// When the file was made, in tenths of a microsecond since 1601.
    func takenAt(_ file: InputFile) throws(CodecError) -> String? {
        guard let properties = try properties(of: file),
            let ticks = try file.integer(at: properties + 24, size: 8, .little)
        else { return nil }
        return TakenAt.fromUnix(ticks / 10_000_000 - 11_644_473_600)
    }

    /// Where the content of the file properties begins, counted from its size and identifier.
    private func properties(of file: InputFile) throws(CodecError) -> Int? {
        guard let end = try file.integer(at: 16, size: 8, .little) else { return nil }
        var position = 30
        for _ in 0..<Self.maximumObjects where position < min(end, file.count) {
            guard let kind = try file.bytes(at: position, count: 16),
                let size = try file.integer(at: position + 16, size: 8, .little), size >= 24
            else { return nil }
            // Identifier and size, the file's identifier and size, then the date.
            if kind == Self.fileProperties { return position + 24 }
            guard size <= file.count - position else { return nil }
            position += size
        }
        return nil
    }
}
