/// The sections of a PSD or PSB file.
///
/// Source: Adobe Photoshop File Formats Specification, "Photoshop File Format".
struct PSDFile {
    /// What the channels mean.
    enum Mode: Int {
        case bitmap = 0
        case grey = 1
        case palette = 2
        case rgb = 3
        case cmyk = 4
        case multichannel = 7
        case duotone = 8
        case lab = 9
    }

    let width: Int
    let height: Int
    let channels: Int
    /// Bits of a sample: 1, 8, 16, or 32 for floating point.
    let depth: Int
    let mode: Mode
    /// PSB, whose lengths have more bytes.
    let isLarge: Bool
    /// 256 reds, as many greens and blues; empty but for `palette`.
    let palette: [UInt8]
    /// Image resources, as in `PhotoshopResources`.
    let resources: [UInt8]
    /// Whether the first channel behind the colours is the flat picture's transparency.
    let hasTransparency: Bool
    /// How the picture is stored: 0 as it is, 1 packed.
    let compression: Int
    /// Where its rows, or the lengths of packed ones, begin.
    let start: Int

    /// Reads the sections before the picture; refuses kinds that are not read.
    init(_ file: some ByteSource) throws(CodecError) {
        guard let version = try file.integer(at: 4, size: 2),
            let channels = try file.integer(at: 12, size: 2),
            let height = try file.integer(at: 14, size: 4),
            let width = try file.integer(at: 18, size: 4),
            let depth = try file.integer(at: 22, size: 2),
            let number = try file.integer(at: 24, size: 2)
        else { throw .cutShort }
        guard let mode = Mode(rawValue: number), [1, 8, 16, 32].contains(depth) else {
            throw .notSupported("a PSD of mode \(number) with \(depth) bits a channel")
        }
        guard (1...56).contains(channels) else { throw .damaged("\(channels) channels (PSD)") }
        (self.width, self.height, self.channels, self.depth) = (width, height, channels, depth)
        self.mode = mode
        isLarge = version == 2
        var reader = SectionReader(file: file, position: 26)
        palette = try reader.bytes(lengthSize: 4, maximum: 1 << 20)
        resources = try reader.bytes(lengthSize: 4, maximum: 64 << 20)
        let layers = try reader.range(lengthSize: isLarge ? 8 : 4)
        // The length of the layers' own section, then how many; below zero it says more.
        let place = layers.lowerBound + (isLarge ? 8 : 4)
        let count = layers.isEmpty ? 0 : try file.integer(at: place, size: 2) ?? 0
        hasTransparency = count >= 0x8000
        guard let compression = try file.integer(at: layers.upperBound, size: 2) else {
            throw .cutShort
        }
        self.compression = compression
        start = layers.upperBound + 2
        guard compression < 2 else { throw .notSupported("a PSD with compression \(compression)") }
        try checkFlatPicture()
    }

    /// Photoshop may leave the flat picture out, and then says so.
    private func checkFlatPicture() throws(CodecError) {
        for (number, data) in try PhotoshopResources.metadata(in: resources)
        where number == .version && data.count > 4 && data[4] == 0 {
            throw .notSupported("a PSD that was saved without its flat picture")
        }
    }

    /// Channels that are colours.
    var colours: Int {
        switch mode {
        case .rgb, .lab: 3
        case .cmyk: 4
        default: 1
        }
    }

    /// Bytes of a row of one channel.
    var rowBytes: Int { (width * depth + 7) / 8 }
}

/// Takes sections that begin with their length.
private struct SectionReader {
    let file: any ByteSource
    var position: Int

    mutating func range(lengthSize: Int) throws(CodecError) -> Range<Int> {
        guard let length = try file.integer(at: position, size: lengthSize),
            length <= file.count - position - lengthSize
        else { throw .cutShort }
        let start = position + lengthSize
        position = start + length
        return start..<position
    }

    /// What a section holds; empty above `maximum`.
    mutating func bytes(lengthSize: Int, maximum: Int) throws(CodecError) -> [UInt8] {
        let range = try range(lengthSize: lengthSize)
        guard range.count <= maximum else { return [] }
        return try file.bytes(at: range.lowerBound, count: range.count) ?? []
    }
}
