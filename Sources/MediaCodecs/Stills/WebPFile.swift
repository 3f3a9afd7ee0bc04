import Imaging
import MediaDecoding

/// The chunks of a WebP file (RFC 9649).
struct WebPFile {
    /// A chunk: its type and where its content stands.
    struct Chunk {
        let type: String
        /// Of a file that is cut, what is there.
        let content: Range<Int>
        /// Bytes that it says to have.
        let stated: Int
    }

    private static let maximumChunks = 100_000

    /// The chunks of the RIFF, in order.
    let chunks: [Chunk]
    /// Whether the file ends before its RIFF does.
    let isCutShort: Bool
    private let file: any ByteSource

    /// Reads the chunks' headers.
    init(_ file: any ByteSource) throws(CodecError) {
        self.file = file
        guard let size = try file.integer(at: 4, size: 4, .little) else { throw .cutShort }
        isCutShort = size + 8 > file.count
        chunks = try Self.chunks(of: file, in: 12..<max(min(size + 8, file.count), 12))
    }

    private static func chunks(
        of file: any ByteSource, in range: Range<Int>
    ) throws(CodecError) -> [Chunk] {
        var chunks: [Chunk] = []
        var position = range.lowerBound
        while position + 8 <= range.upperBound, chunks.count < maximumChunks {
            guard let type = try file.bytes(at: position, count: 4),
                let size = try file.integer(at: position + 4, size: 4, .little)
            else { throw .cutShort }
            let start = position + 8
            // The last chunk may be said to be longer than the file, which is then cut.
            let end = min(start + size, max(range.upperBound, start))
            guard end == start + size || range.upperBound == file.count else { throw .cutShort }
            chunks.append(
                Chunk(
                    type: String(decoding: type, as: UTF8.self), content: start..<end, stated: size)
            )
            position = start + size + size % 2
        }
        return chunks
    }

    /// Canvas size, orientation and metadata.
    func still() throws(CodecError) -> StillFile {
        guard let first = chunks.first else { throw .cutShort }
        let (width, height) = try size(of: first)
        return StillFile(width: width, height: height, blocks: try metadata())
    }

    /// The picture, of an animation the first one on its canvas, and which of its rows are there.
    ///
    /// `rows` counts those of the canvas; `isCutShort` files end with grey.
    func picture(
        _ bytes: [UInt8], _ limits: StillLimits, width: Int, height: Int
    ) throws(CodecError) -> (image: RGBImage, rows: Int) {
        guard let frame = try firstFrame() else {
            return try WebPPicture(bytes, limits: limits).decode(acceptsEnd: isCutShort)
        }
        let found = try WebPPicture(frame.file, limits: limits).decode(acceptsEnd: isCutShort)
        let image = Canvas.place(found.image, x: frame.x, y: frame.y, width: width, height: height)
        return (
            image, found.rows == found.image.height ? height : min(frame.y + found.rows, height)
        )
    }

    private func size(of chunk: Chunk) throws(CodecError) -> (Int, Int) {
        let start = chunk.content.lowerBound
        switch chunk.type {
        case "VP8X":
            guard let width = try file.integer(at: start + 4, size: 3, .little),
                let height = try file.integer(at: start + 7, size: 3, .little)
            else { throw .cutShort }
            return (width + 1, height + 1)
        case "VP8 ":
            guard let width = try file.integer(at: start + 6, size: 2, .little),
                let height = try file.integer(at: start + 8, size: 2, .little)
            else { throw .cutShort }
            return (width & 0x3fff, height & 0x3fff)
        case "VP8L":
            guard let bits = try file.integer(at: start + 1, size: 4, .little) else {
                throw .cutShort
            }
            return (bits & 0x3fff + 1, bits >> 14 & 0x3fff + 1)
        default:
            throw .damaged("it begins with the chunk “\(chunk.type)” (WebP)")
        }
    }

    /// The EXIF chunk's content, which some writers begin as in JPEG, and the XMP packet.
    func metadata() throws(CodecError) -> MetadataBlocks {
        var blocks = MetadataBlocks()
        for chunk in chunks where ["EXIF", "XMP "].contains(chunk.type) {
            guard chunk.content.count <= MetadataBlocks.maximumBlock,
                let block = try file.bytes(at: chunk.content.lowerBound, count: chunk.content.count)
            else { continue }
            if chunk.type == "EXIF" { try blocks.addExif(block) } else { blocks.addXMP(block) }
        }
        return blocks
    }

    /// The ICC profile.
    func colour() throws(CodecError) -> ColourDescription? {
        guard let chunk = chunks.first(where: { $0.type == "ICCP" }),
            chunk.content.count <= ICCProfile.maximumBytes,
            let profile = try file.bytes(at: chunk.content.lowerBound, count: chunk.content.count)
        else { return nil }
        return .profile(profile)
    }

    /// The first picture of an animation as a file of its own, and its place on the canvas.
    ///
    /// It is `nil` if the file is no animation.
    func firstFrame() throws(CodecError) -> (x: Int, y: Int, file: [UInt8])? {
        guard let frame = chunks.first(where: { $0.type == "ANMF" }) else { return nil }
        let start = frame.content.lowerBound
        guard frame.content.count > 24, let x = try file.integer(at: start, size: 3, .little),
            let y = try file.integer(at: start + 3, size: 3, .little),
            let edges = try file.bytes(at: start + 6, count: 6),
            let content = try file.bytes(at: start + 16, count: frame.content.count - 16)
        else { throw .cutShort }
        // Transparency (ALPH) is allowed behind an extended header only; its flag is bit 4.
        var body: [UInt8] = Array("VP8X".utf8) + [10, 0, 0, 0, 0x10, 0, 0, 0] + edges + content
        let missing = frame.stated - frame.content.count
        body += body.count % 2 == 0 || missing > 0 ? [] : [0]
        var header = Array("RIFF".utf8)
        header.append(littleEndian: UInt32(clamping: body.count + missing + 4))
        return (x * 2, y * 2, header + Array("WEBP".utf8) + body)
    }
}
