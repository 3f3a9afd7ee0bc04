import Imaging
import MediaDecoding
import MediaFormats

/// GIF (GIF89a specification), through libav.
struct GIFFormat: StillFormat {
    let formats = [MediaFormat.gif]

    func recognise(_ start: FileStart) -> MediaFormat? {
        start.has("GIF87a") || start.has("GIF89a") ? .gif : nil
    }

    /// Size of the screen; refuses a file that ends within the first picture.
    func header(_ file: InputFile, _ limits: DecoderLimits) throws(CodecError) -> StillFile {
        guard let width = try file.integer(at: 6, size: 2, .little),
            let height = try file.integer(at: 8, size: 2, .little),
            let flags = try file.integer(at: 10, size: 1)
        else { throw .cutShort }
        try checkFirstPicture(in: file, from: 13 + colours(flags))
        var blocks = MetadataBlocks()
        if let packet = try GIFMetadata.packet(in: file, from: 13 + colours(flags)) {
            blocks.addXMP(packet)
        }
        return StillFile(width: width, height: height, blocks: blocks)
    }

    func decode(
        _ file: InputFile, _ header: StillFile, _ limits: DecoderLimits, minimumShortEdge: Int?
    ) throws(CodecError) -> RGBImage {
        try LibAVStill(codec: .gif, limits: limits.still).decode(file.still(limits))
    }

    /// Bytes of the colour table that `flags` announce.
    private func colours(_ flags: Int) -> Int {
        flags & 0x80 == 0 ? 0 : 3 << ((flags & 7) + 1)
    }

    /// Walks the extensions up to the first picture, then that picture's blocks.
    private func checkFirstPicture(
        in file: some ByteSource, from start: Int
    ) throws(CodecError) {
        var position = start
        while let introducer = try file.integer(at: position, size: 1) {
            switch introducer {
            case 0x21:
                position = try skipBlocks(in: file, from: position + 2)
            case 0x2c:
                guard let flags = try file.integer(at: position + 9, size: 1) else {
                    throw .cutShort
                }
                _ = try skipBlocks(in: file, from: position + 11 + colours(flags))
                return
            default:
                throw .damaged("it has no picture (GIF)")
            }
        }
        throw .cutShort
    }

    /// Where a chain of blocks, each with its length before it, ends.
    private func skipBlocks(
        in file: some ByteSource, from start: Int
    ) throws(CodecError) -> Int {
        var position = start
        while let size = try file.integer(at: position, size: 1) {
            position += 1 + size
            if size == 0 { return position }
        }
        throw .cutShort
    }
}
