/// The chunks of a PNG file (W3C PNG, section 5).
struct PNGFile {
    /// A chunk: its type as text and where its content stands.
    struct Chunk {
        let type: String
        let content: Range<Int>
    }

    /// Chunks read of one file; a picture cut into tiny data chunks has some ten thousand.
    private static let maximumChunks = 1_000_000

    /// The chunks up to IEND, in order.
    let chunks: [Chunk]
    private let file: any ByteSource

    /// Reads the chunks' headers; what follows the end chunk is no part of the picture.
    init(_ file: any ByteSource) throws(CodecError) {
        self.file = file
        var chunks: [Chunk] = []
        var position = 8
        while chunks.last?.type != "IEND" {
            guard chunks.count < Self.maximumChunks else { throw .damaged("too many chunks (PNG)") }
            guard let length = try file.integer(at: position, size: 4),
                let type = try file.bytes(at: position + 4, count: 4),
                length + 12 <= file.count - position
            else { throw .cutShort }
            chunks.append(
                Chunk(
                    type: String(decoding: type, as: UTF8.self),
                    content: position + 8..<position + 8 + length))
            position += length + 12
        }
        self.chunks = chunks
    }

    /// Size from IHDR, orientation and metadata from eXIf.
    func still() throws(CodecError) -> StillFile {
        guard let header = chunks.first, header.type == "IHDR", header.content.count == 13,
            let width = try file.integer(at: header.content.lowerBound, size: 4),
            let height = try file.integer(at: header.content.lowerBound + 4, size: 4)
        else { throw .damaged("it does not begin with its header (PNG)") }
        return StillFile(width: width, height: height, exif: try exif())
    }

    /// The first eXIf chunk's content.
    func exif() throws(CodecError) -> Exif {
        guard let chunk = chunks.first(where: { $0.type == "eXIf" }),
            let block = try file.bytes(at: chunk.content.lowerBound, count: chunk.content.count)
        else { return Exif() }
        return try Exif(block)
    }
}
