import Imaging
import MediaDecoding
import MediaFormats

/// WebP (RFC 9649), through libav.
struct WebPFormat: StillFormat {
    /// Chunks that hold pixels.
    private static let pictureChunks: Set = ["VP8 ", "VP8L", "ALPH", "ANMF"]

    let formats = [MediaFormat.webp]

    func recognise(_ start: FileStart) -> MediaFormat? {
        start.head.count >= 16 && start.has("RIFF") && start.code(at: 8) == "WEBP" ? .webp : nil
    }

    func header(_ file: InputFile, _ limits: DecoderLimits) throws(CodecError) -> StillFile {
        try WebPFile(file).still()
    }

    func decode(
        _ file: InputFile, _ header: StillFile, _ limits: DecoderLimits, minimumShortEdge: Int?
    ) throws(CodecError) -> RGBImage {
        let bytes = try file.still(limits)
        let decoder = LibAVStill(codec: .webp, limits: limits.still)
        let webp = try WebPFile(bytes)
        let colour = try webp.colour() ?? header.blocks.colour
        guard let frame = try webp.firstFrame() else {
            return try decoder.decode(bytes, colour: colour, minimumShortEdge: minimumShortEdge)
        }
        return Canvas.place(
            try decoder.decode(frame.file, colour: colour), x: frame.x, y: frame.y,
            width: header.width, height: header.height)
    }

    func addImageData(of file: InputFile, to hash: inout AssetHash) throws(CodecError) {
        for chunk in try WebPFile(file).chunks where Self.pictureChunks.contains(chunk.type) {
            try hash.add(chunk.type, chunk.content)
        }
    }
}
