import Imaging
import MediaDecoding
import MediaFormats

/// JPEG 2000 (ISO 15444): a bare codestream, or boxes around it (JP2); through OpenJPEG.
struct JPEG2000Format: StillFormat {
    private static let signature: [UInt8] = [
        0, 0, 0, 12, 0x6a, 0x50, 0x20, 0x20, 0x0d, 0x0a, 0x87, 0x0a,
    ]
    /// The markers with which a codestream begins.
    private static let codestream: [UInt8] = [0xff, 0x4f, 0xff, 0x51]

    let formats = [MediaFormat.jpeg2000]

    func recognise(_ start: FileStart) throws(CodecError) -> MediaFormat? {
        if start.has(Self.codestream) { return .jpeg2000 }
        guard start.has(Self.signature) else { return nil }
        guard start.code(at: 20) != "mjp2" else { throw .notSupported("Motion JPEG 2000") }
        return .jpeg2000
    }

    func header(_ file: InputFile, _ limits: DecoderLimits) throws(CodecError) -> StillFile {
        let bytes = try file.still(limits)
        let picture = try JPEG2000Picture(bytes, isCodestream: isCodestream(bytes))
        return StillFile(
            width: picture.width, height: picture.height, blocks: try JP2Metadata.blocks(of: bytes))
    }

    func decode(
        _ file: InputFile, _ header: StillFile, _ limits: DecoderLimits, minimumShortEdge: Int?
    ) throws(CodecError) -> RGBImage {
        let bytes = try file.still(limits)
        return try JPEG2000Picture(bytes, isCodestream: isCodestream(bytes))
            .decode(colour: header.blocks.colour, minimumShortEdge: minimumShortEdge)
    }

    private func isCodestream(_ bytes: [UInt8]) -> Bool { bytes.starts(with: Self.codestream) }

    /// The codestream, whether or not boxes stand around it.
    func addImageData(of file: InputFile, to hash: inout AssetHash) throws(CodecError) {
        let boxes = try ISOBox.all(in: file, 0..<file.count)
        let data = boxes.first { $0.type == "jp2c" }?.content ?? 0..<file.count
        // Palettes and colours stand in the header.
        if let header = boxes.first(where: { $0.type == "jp2h" }) {
            try hash.add("jp2h", header.content)
        }
        try hash.add("jp2c", data)
    }
}
