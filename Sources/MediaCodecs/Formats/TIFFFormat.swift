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
        if let structure = try TIFFStructure(file),
            try structure.endOfPieces(structure.mainDirectory()) > file.count
        {
            throw .cutShort
        }
        let picture = try TIFFPicture(file.still(limits), limits: limits.still)
        var blocks = MetadataBlocks()
        try blocks.addExif(file)
        return StillFile(width: picture.width, height: picture.height, blocks: blocks)
    }

    func decode(
        _ file: InputFile, _ header: StillFile, _ limits: DecoderLimits, minimumShortEdge: Int?
    ) throws(CodecError) -> RGBImage {
        try TIFFPicture(file.still(limits), limits: limits.still)
            .decode(colour: header.blocks.colour)
    }
}
