import MediaFormats

/// Digital video as it stands on the cassettes (IEC 61834-2), without a container.
struct DVFormat: ClipFormat {
    /// Bytes of a block, and of a frame with 525 and with 625 lines.
    private static let block = 80
    private static let frames = (lines525: 120_000, lines625: 144_000)

    let formats = [MediaFormat.dv]
    let demuxer = "dv"

    /// A header block, then a subcode block, each with the marks of the first sequence.
    func recognise(_ start: FileStart) -> MediaFormat? {
        let head = start.head
        guard head.count >= Self.block + 3, head[0] & 0xe0 == 0, head[1] == 7, head[2] == 0,
            head[3] & 0x7f == 0x3f, head[Self.block] & 0xe0 == 0x20, head[Self.block + 1] == 7
        else { return nil }
        return .dv
    }

    /// Frames are all of one size.
    func isCutShort(_ file: InputFile) throws(CodecError) -> Bool {
        try file.count % Self.frameSize(of: file) != 0
    }

    private static func frameSize(of file: InputFile) throws(CodecError) -> Int {
        let system = try file.integer(at: 3, size: 1) ?? 0
        return system & 0x80 == 0 ? frames.lines525 : frames.lines625
    }

    /// The recording date and time among the first frame's packs (0x62, 0x63), in the camera's clock.
    func takenAt(_ file: InputFile) throws(CodecError) -> String? {
        guard let frame = try file.bytes(at: 0, count: min(file.count, Self.frameSize(of: file)))
        else { return nil }
        return DVPacks.takenAt(frame, block: Self.block)
    }
}
