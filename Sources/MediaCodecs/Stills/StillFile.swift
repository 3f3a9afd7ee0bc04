import MediaDecoding
import MediaFormats

/// What the header of a still says, read before anything is decoded.
struct StillFile {
    /// Width as stored.
    var width: Int
    /// Height as stored.
    var height: Int
    /// Metadata.
    var blocks: MetadataBlocks
    /// How the pixels are to be turned.
    var orientation: Orientation
    /// Whether a crash, a full card or a broken transfer cut the picture short.
    var isIncomplete: Bool

    /// What a header says; without an orientation of its own, the one of the metadata holds.
    init(
        width: Int, height: Int, blocks: MetadataBlocks = MetadataBlocks(),
        orientation: Orientation? = nil, isIncomplete: Bool = false
    ) {
        self.width = width
        self.height = height
        self.blocks = blocks
        self.orientation = orientation ?? blocks.orientation
        self.isIncomplete = isIncomplete
    }

    /// Reads the header of a file, its size within the limits.
    static func read(
        _ file: InputFile, _ format: MediaFormat, limits: DecoderLimits = .standard
    ) throws(CodecError) -> StillFile {
        guard file.count <= limits.maximumFileBytes else {
            throw .tooLarge(file.count, limit: limits.maximumFileBytes)
        }
        let header = try FileFormats.still(format).header(file, limits)
        try limits.still.check(width: header.width, height: header.height)
        return header
    }
}

extension InputFile {
    /// All bytes of a still's file.
    func still(_ limits: DecoderLimits) throws(CodecError) -> [UInt8] {
        try wholeFile(limit: limits.maximumFileBytes)
    }
}
