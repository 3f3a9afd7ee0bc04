import Imaging
import MediaDecoding
import MediaFormats

/// JPEG XL (ISO 18181): a bare codestream, or boxes around it; through libjxl.
struct JPEGXLFormat: StillFormat {
    private static let signature: [UInt8] = [
        0, 0, 0, 12, 0x4a, 0x58, 0x4c, 0x20, 0x0d, 0x0a, 0x87, 0x0a,
    ]
    /// The marker with which a codestream begins.
    private static let codestream: [UInt8] = [0xff, 0x0a]

    let formats = [MediaFormat.jpegXL]

    func recognise(_ start: FileStart) -> MediaFormat? {
        guard start.head.count >= 12 else { return nil }
        return start.has(Self.signature) || start.has(Self.codestream) ? .jpegXL : nil
    }

    /// libjxl applies the codestream's orientation; EXIF repeats it and must not be applied again.
    func header(_ file: InputFile, _ limits: DecoderLimits) throws(CodecError) -> StillFile {
        let bytes = try file.still(limits)
        let size = try JXLPicture(bytes).size()
        return StillFile(
            width: size.width, height: size.height, blocks: try JXLPicture(bytes).metadata(),
            orientation: .upright)
    }

    func decode(
        _ file: InputFile, _ header: StillFile, _ limits: DecoderLimits, minimumShortEdge: Int?
    ) throws(CodecError) -> RGBImage {
        try JXLPicture(file.still(limits)).decode(limits.still)
    }

    /// The codestream, whether or not boxes stand around it, whole or in parts.
    func addImageData(of file: InputFile, to hash: inout AssetHash) throws(CodecError) {
        guard try file.bytes(at: 0, count: 2) != Self.codestream else {
            return try hash.add("jxlc", 0..<file.count)
        }
        var isEmpty = true
        for box in try ISOBox.all(in: file, 0..<file.count) {
            switch box.type {
            case "jxlc": try hash.add("jxlc", box.content)
            // Four bytes with its number stand before each part.
            case "jxlp" where box.content.count >= 4:
                try hash.add("jxlp", box.content.lowerBound + 4..<box.content.upperBound)
            default: continue
            }
            isEmpty = false
        }
        if isEmpty { try hash.add("file", 0..<file.count) }
    }
}
