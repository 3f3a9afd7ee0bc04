import Imaging
import MediaDecoding
import MediaFormats

/// Windows bitmaps (BMP); run lengths through libav.
struct BMPFormat: StillFormat {
    let formats = [MediaFormat.bmp]

    func recognise(_ start: FileStart) -> MediaFormat? {
        guard start.head.count >= 16, start.has("BM"), start.head[15] == 0 else { return nil }
        return BMPHeader.sizes.contains(Int(start.head[14])) ? .bmp : nil
    }

    /// Size from the header; refuses a file that ends before its rows do.
    func header(_ file: InputFile, _ limits: DecoderLimits) throws(CodecError) -> StillFile {
        let header = try BMPHeader(file)
        guard !header.isCutShort(file.count) else { throw .cutShort }
        if case .other(let number) = header.coding {
            throw .notSupported("a BMP with compression \(number)")
        }
        return StillFile(width: header.width, height: header.height)
    }

    func decode(
        _ file: InputFile, _ header: StillFile, _ limits: DecoderLimits, minimumShortEdge: Int?
    ) throws(CodecError) -> RGBImage {
        let bytes = try file.still(limits)
        let parts = try BMPHeader(bytes)
        let colour = try colour(of: bytes)
        guard case .plain = parts.coding else {
            return try LibAVStill(codec: .bmp, limits: limits.still).decode(
                bytes, colour: colour, minimumShortEdge: minimumShortEdge)
        }
        let image = try BMPPicture(parts, bytes).decode()
        guard let conversion = ColourConversion.of(colour, .rgb) else { return image }
        return conversion.convert(try image.shrunk(minimumShortEdge: minimumShortEdge))
    }

    /// The profile that the largest header (BITMAPV5HEADER) may say is in the file.
    private func colour(of bytes: [UInt8]) throws(CodecError) -> ColourDescription? {
        guard try bytes.integer(at: 14, size: 4, .little) == 124,
            try bytes.bytes(at: 14 + 56, count: 4) == Array("DEBM".utf8),
            let offset = try bytes.integer(at: 14 + 112, size: 4, .little),
            let size = try bytes.integer(at: 14 + 116, size: 4, .little),
            let profile = try bytes.bytes(at: 14 + offset, count: size)
        else { return nil }
        return .profile(profile)
    }
}
