import Imaging
import MediaDecoding
import MediaFormats

/// PNG and APNG (W3C PNG), through libav.
struct PNGFormat: StillFormat {
    /// Chunks that hold pixels, those of animations (APNG) among them.
    private static let pictureChunks: Set = [
        "IHDR", "PLTE", "tRNS", "IDAT", "acTL", "fcTL", "fdAT",
    ]

    let formats = [MediaFormat.png]

    func recognise(_ start: FileStart) -> MediaFormat? {
        start.has([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]) ? .png : nil
    }

    func header(_ file: InputFile, _ limits: DecoderLimits) throws(CodecError) -> StillFile {
        try PNGFile(file).still()
    }

    func decode(
        _ file: InputFile, _ header: StillFile, _ limits: DecoderLimits, minimumShortEdge: Int?
    ) throws(CodecError) -> RGBImage {
        let png = try PNGFile(file.still(limits))
        let image = try LibAVStill(codec: .png, limits: limits.still).decode(
            png.repaired(), colour: png.colour() ?? header.blocks.colour,
            minimumShortEdge: minimumShortEdge)
        return try png.withoutMissingRows(image, of: header.height)
    }

    func addImageData(of file: InputFile, to hash: inout AssetHash) throws(CodecError) {
        for chunk in try PNGFile(file).chunks where Self.pictureChunks.contains(chunk.type) {
            try hash.add(chunk.type, chunk.content)
        }
    }
}
