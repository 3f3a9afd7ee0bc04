import MediaFormats

/// Material Exchange Format (SMPTE 377): professional camcorders.
struct MXFFormat: ClipFormat {
    /// The key of a header partition, up to its kind.
    private static let partition: [UInt8] = [
        0x06, 0x0e, 0x2b, 0x34, 0x02, 0x05, 0x01, 0x01, 0x0d, 0x01, 0x02, 0x01, 0x01, 0x02,
    ]

    let formats = [MediaFormat.mxf]
    let demuxer = "mxf"

    func recognise(_ start: FileStart) -> MediaFormat? {
        start.has(Self.partition) ? .mxf : nil
    }

    /// A header that was closed knows where the footer stands; it is open while recording goes on.
    func isCutShort(_ file: InputFile) throws(CodecError) -> Bool {
        guard let status = try file.integer(at: 14, size: 1),
            let first = try file.integer(at: 16, size: 1)
        else { return true }
        let bytes = first & 0x80 == 0 ? 1 : 1 + first & 0x7f
        // Versions, size of the alignment grid, this partition, the one before it, the footer.
        guard let footer = try file.integer(at: 16 + bytes + 24, size: 8) else { return true }
        // 1 and 3 are open, 2 and 4 closed.
        guard footer > 0 else { return status == 1 || status == 3 }
        return footer > file.count - Self.partition.count
    }
}
