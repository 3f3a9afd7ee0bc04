import Imaging
import MediaDecoding
import MediaFormats

/// GIF (GIF89a specification), through libav.
struct GIFFormat: StillFormat {
    let formats = [MediaFormat.gif]

    func recognise(_ start: FileStart) -> MediaFormat? {
        start.has("GIF87a") || start.has("GIF89a") ? .gif : nil
    }

    /// Size of the screen; refuses a file that ends before anything of the first picture can be seen.
    func header(_ file: InputFile, _ limits: DecoderLimits) throws(CodecError) -> StillFile {
        guard let width = try file.integer(at: 6, size: 2, .little),
            let height = try file.integer(at: 8, size: 2, .little)
        else { throw .cutShort }
        let start = try start(of: file)
        let picture = try GIFPicture(in: file, from: start)
        var isIncomplete = false
        if picture.isCutShort {
            // What there is of a picture whose rows are interlaced is strewn over all of it.
            guard !picture.isInterlaced else { throw .cutShort }
            let rows = try picture.rows()
            isIncomplete = rows < picture.height
            try Incomplete.check(Double(rows) / Double(max(picture.height, 1)))
        }
        var blocks = MetadataBlocks()
        if let packet = try GIFMetadata.packet(in: file, from: start) { blocks.addXMP(packet) }
        return StillFile(width: width, height: height, blocks: blocks, isIncomplete: isIncomplete)
    }

    func decode(
        _ file: InputFile, _ header: StillFile, _ limits: DecoderLimits, minimumShortEdge: Int?
    ) throws(CodecError) -> RGBImage {
        let image = try LibAVStill(codec: .gif, limits: limits.still).decode(file.still(limits))
        guard header.isIncomplete else { return image }
        let picture = try GIFPicture(in: file, from: start(of: file))
        return try Incomplete.cover(image, from: picture.top + picture.rows(), of: header.height)
    }

    /// Where the first block stands, behind the screen's colour table.
    private func start(of file: InputFile) throws(CodecError) -> Int {
        guard let flags = try file.integer(at: 10, size: 1) else { throw .cutShort }
        return 13 + Self.bytesOfColours(flags)
    }

    /// Bytes of the colour table that `flags` announce.
    static func bytesOfColours(_ flags: Int) -> Int {
        flags & 0x80 == 0 ? 0 : 3 << ((flags & 7) + 1)
    }
}
