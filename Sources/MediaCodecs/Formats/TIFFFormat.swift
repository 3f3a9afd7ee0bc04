import Imaging
import MediaDecoding
import MediaFormats

/// TIFF and BigTIFF, through libtiff.
struct TIFFFormat: StillFormat {
    /// The marks of both orders, of TIFF (42) and of BigTIFF (43), whose offsets have eight bytes.
    private static let marks: [[UInt8]] = [
        [0x49, 0x49, 42, 0], [0x4d, 0x4d, 0, 42], [0x49, 0x49, 43, 0], [0x4d, 0x4d, 0, 43],
    ]

    let formats = [MediaFormat.tiff]

    func recognise(_ start: FileStart) -> MediaFormat? {
        Self.marks.contains { start.has($0) } ? .tiff : nil
    }

    /// Size of the first whole page from libtiff, the rest from the first directory.
    func header(_ file: InputFile, _ limits: DecoderLimits) throws(CodecError) -> StillFile {
        let end = try TIFFEnd(file)
        try end?.checkPlanes()
        let isIncomplete = try end?.isCutShort(file.count) ?? false
        let picture = try picture(file, limits, isIncomplete: isIncomplete)
        if isIncomplete { try check(picture) }
        var blocks = MetadataBlocks()
        try blocks.addExif(file)
        return StillFile(
            width: picture.width, height: picture.height, blocks: blocks, isIncomplete: isIncomplete
        )
    }

    func decode(
        _ file: InputFile, _ header: StillFile, _ limits: DecoderLimits, minimumShortEdge: Int?
    ) throws(CodecError) -> RGBImage {
        try picture(file, limits, isIncomplete: header.isIncomplete)
            .decode(colour: header.blocks.colour)
    }

    private func picture(
        _ file: InputFile, _ limits: DecoderLimits, isIncomplete: Bool
    ) throws(CodecError) -> TIFFPicture {
        var bytes = try file.still(limits)
        if isIncomplete { bytes = try TIFFEnd(bytes)?.shortened(bytes) ?? bytes }
        return try TIFFPicture(bytes, limits: limits.still, acceptsEnd: isIncomplete)
    }

    /// Refuses a page of which too little is there.
    private func check(_ picture: TIFFPicture) throws(CodecError) {
        do throws(CodecError) {
            try Incomplete.check(Double(picture.rows()) / Double(picture.height))
        } catch .rejected(let reason) where reason.hasPrefix("is damaged") {
            // Of what only the library can convert, part of a strip is nothing.
            throw .cutShort
        }
    }
}
