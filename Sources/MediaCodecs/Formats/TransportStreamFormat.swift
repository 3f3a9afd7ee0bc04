import MediaFormats

/// MPEG-2 transport streams (ISO 13818-1, 2.4): AVCHD camcorders, television.
struct TransportStreamFormat: ClipFormat {
    /// Bytes of a packet, and of what stands before it: Blu-ray and AVCHD put a time there, others a
    /// checksum behind it.
    private static let layouts: [(size: Int, prefix: Int)] = [(188, 0), (192, 4), (204, 0)]
    private static let syncByte: UInt8 = 0x47
    /// Packets that must be in step before a file is believed to be one.
    private static let packets = 5

    let formats = [MediaFormat.transportStream]
    let demuxer = "mpegts"

    func recognise(_ start: FileStart) throws(CodecError) -> MediaFormat? {
        try Self.layout(of: start.file) == nil ? nil : .transportStream
    }

    private static func layout(
        of file: any ByteSource
    ) throws(CodecError) -> (size: Int, prefix: Int)? {
        for layout in layouts where file.count >= layout.size * 3 {
            var isInStep = true
            for packet in 0..<min(packets, file.count / layout.size) where isInStep {
                let place = packet * layout.size + layout.prefix
                isInStep = try file.integer(at: place, size: 1) == Int(syncByte)
            }
            if isInStep { return layout }
        }
        return nil
    }

    /// A stream has no end of its own: only a packet that is cut tells.
    func isCutShort(_ file: InputFile) throws(CodecError) -> Bool {
        guard let layout = try Self.layout(of: file) else { return false }
        let rest = file.count % layout.size
        guard rest > layout.prefix else { return false }
        // What does not begin like a packet is something else that was put behind the stream.
        return try file.integer(at: file.count - rest + layout.prefix, size: 1)
            == Int(Self.syncByte)
    }
}
