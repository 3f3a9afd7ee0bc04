import Imaging
import MediaDecoding
import MediaFormats

/// Windows bitmaps (BMP), through libav.
struct BMPFormat: StillFormat {
    /// Sizes of the information headers that there have been.
    private static let headerSizes = [12, 16, 40, 52, 56, 64, 108, 124]

    let formats = [MediaFormat.bmp]

    func recognise(_ start: FileStart) -> MediaFormat? {
        guard start.head.count >= 16, start.has("BM"), start.head[15] == 0 else { return nil }
        return Self.headerSizes.contains(Int(start.head[14])) ? .bmp : nil
    }

    /// Size from the header; refuses a file that ends before its rows do.
    func header(_ file: InputFile, _ limits: DecoderLimits) throws(CodecError) -> StillFile {
        guard let start = try file.integer(at: 10, size: 4, .little),
            let size = try file.integer(at: 14, size: 4, .little)
        else { throw .cutShort }
        let field = size == 12 ? 2 : 4
        guard let width = try file.integer(at: 18, size: field, .little),
            let stored = try file.integer(at: 18 + field, size: field, .little),
            let depth = try file.integer(at: 18 + 2 * field + 2, size: 2, .little)
        else { throw .cutShort }
        // Rows stored from the top down have a negative height.
        let height = field == 4 ? abs(Int(Int32(truncatingIfNeeded: stored))) : stored
        guard width > 0, width < 1 << 31 else { throw .damaged("its width is \(width) (BMP)") }
        let compression = size == 12 ? 0 : try file.integer(at: 30, size: 4, .little)
        let stride = (width * depth + 31) / 32 * 4
        let (bytes, overflow) = stride.multipliedReportingOverflow(by: height)
        if compression == 0 && (overflow || bytes > file.count - start) { throw .cutShort }
        return StillFile(width: width, height: height)
    }

    func decode(
        _ file: InputFile, _ header: StillFile, _ limits: DecoderLimits, minimumShortEdge: Int?
    ) throws(CodecError) -> RGBImage {
        let bytes = try file.still(limits)
        return try LibAVStill(codec: .bmp, limits: limits.still).decode(
            bytes, colour: colour(of: bytes), minimumShortEdge: minimumShortEdge)
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
