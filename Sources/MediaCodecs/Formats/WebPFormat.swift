import Imaging
import MediaDecoding
import MediaFormats

/// WebP (RFC 9649), through libwebp.
struct WebPFormat: StillFormat {
    /// Chunks that hold pixels.
    private static let pictureChunks: Set = ["VP8 ", "VP8L", "ALPH", "ANMF"]

    let formats = [MediaFormat.webp]

    func recognise(_ start: FileStart) -> MediaFormat? {
        start.head.count >= 16 && start.has("RIFF") && start.code(at: 8) == "WEBP" ? .webp : nil
    }

    func header(_ file: InputFile, _ limits: DecoderLimits) throws(CodecError) -> StillFile {
        let webp = try WebPFile(file)
        var still = try webp.still()
        guard webp.isCutShort else { return still }
        try limits.still.check(width: still.width, height: still.height)
        let bytes = try file.still(limits)
        let rows = try WebPFile(bytes).picture(
            bytes, limits.still, width: still.width, height: still.height
        ).rows
        try Incomplete.check(Double(rows) / Double(still.height))
        still.isIncomplete = rows < still.height
        return still
    }

    func decode(
        _ file: InputFile, _ header: StillFile, _ limits: DecoderLimits, minimumShortEdge: Int?
    ) throws(CodecError) -> RGBImage {
        let bytes = try file.still(limits)
        let webp = try WebPFile(bytes)
        let image = try webp.picture(
            bytes, limits.still, width: header.width, height: header.height
        ).image
        guard let conversion = ColourConversion.of(try webp.colour() ?? header.blocks.colour, .rgb)
        else { return image }
        return conversion.convert(try image.shrunk(minimumShortEdge: minimumShortEdge))
    }

    func addImageData(of file: InputFile, to hash: inout AssetHash) throws(CodecError) {
        for chunk in try WebPFile(file).chunks where Self.pictureChunks.contains(chunk.type) {
            try hash.add(chunk.type, chunk.content)
        }
    }
}
