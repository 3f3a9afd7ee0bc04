import CZlib

/// The chunks of a PNG file (W3C PNG, section 5).
struct PNGFile {
    /// A chunk: its type as text and where its content stands.
    struct Chunk {
        let type: String
        let content: Range<Int>
    }

    /// Chunks that a decoder needs for the first picture; no program writes others without which there is none.
    private static let needed: Set = ["IHDR", "PLTE", "tRNS", "IDAT", "IEND"]

    /// Chunks read of one file; a picture cut into tiny data chunks has some ten thousand.
    private static let maximumChunks = 1_000_000

    /// The chunks up to IEND, in order; of the picture's data that was cut, what is there.
    let chunks: [Chunk]
    /// Whether the file ends before the picture's data do.
    let isCutShort: Bool
    let file: any ByteSource

    /// Reads the chunks' headers; what follows the end chunk is no part of the picture.
    init(_ file: any ByteSource) throws(CodecError) {
        self.file = file
        var chunks: [Chunk] = []
        var isCutShort = false
        var position = 8
        while chunks.last?.type != "IEND" {
            guard chunks.count < Self.maximumChunks else { throw .damaged("too many chunks (PNG)") }
            guard let length = try file.integer(at: position, size: 4),
                let type = try file.bytes(at: position + 4, count: 4),
                length + 12 <= file.count - position
            else {
                // Some programs end with the picture's data; what lies behind those is no picture.
                isCutShort = try !Self.isWhole(chunks, in: file)
                if isCutShort, try file.bytes(at: position + 4, count: 4) == Array("IDAT".utf8) {
                    chunks.append(Chunk(type: "IDAT", content: position + 8..<file.count))
                }
                guard !isCutShort || chunks.contains(where: { $0.type == "IDAT" }) else {
                    throw .cutShort
                }
                break
            }
            chunks.append(
                Chunk(
                    type: String(decoding: type, as: UTF8.self),
                    content: position + 8..<position + 8 + length))
            position += length + 12
        }
        self.chunks = chunks
        self.isCutShort = isCutShort
    }

    /// Whether the data chunks hold a whole stream; asked of a file that ends without its IEND only.
    private static func isWhole(
        _ chunks: [Chunk], in file: any ByteSource
    ) throws(CodecError) -> Bool {
        try inflate(chunks, in: file).isAtEnd
    }

    /// How many bytes the data chunks inflate to, and whether they hold the stream's end.
    static func inflate(
        _ chunks: [Chunk], in file: any ByteSource
    ) throws(CodecError) -> (count: Int, isAtEnd: Bool) {
        guard let inflater = Inflater() else { throw .failed("no memory for a PNG") }
        var count = 0
        for chunk in chunks where chunk.type == "IDAT" {
            var position = chunk.content.lowerBound
            while position < chunk.content.upperBound {
                let size = min(1 << 20, chunk.content.upperBound - position)
                guard let piece = try file.bytes(at: position, count: size) else { break }
                inflater.inflate(piece) { bytes in
                    count += bytes.count
                    return true
                }
                position += size
            }
        }
        return (count, inflater.isAtEnd)
    }

    /// The file as a decoder wants it: the chunks without which there is no picture, and its end.
    ///
    /// The others (profiles, texts) are read here; libav refuses pictures for faults in them.
    func repaired() throws(CodecError) -> [UInt8] {
        var bytes = try file.bytes(at: 0, count: 8) ?? []
        for chunk in chunks where Self.needed.contains(chunk.type) {
            if chunk.content.upperBound + 4 > file.count {
                let rest = try file.bytes(
                    at: chunk.content.lowerBound, count: chunk.content.count)
                bytes += PNGChecksum.chunk(chunk.type, rest ?? [])
                continue
            }
            guard
                let whole = try file.bytes(
                    at: chunk.content.lowerBound - 8, count: chunk.content.count + 12)
            else { throw .cutShort }
            bytes += whole
        }
        if chunks.last?.type != "IEND" { bytes += PNGChecksum.end }
        return bytes
    }

    /// Size from IHDR, orientation and metadata from eXIf and the texts.
    func still() throws(CodecError) -> StillFile {
        guard let header = chunks.first, header.type == "IHDR", header.content.count == 13,
            let width = try file.integer(at: header.content.lowerBound, size: 4),
            let height = try file.integer(at: header.content.lowerBound + 4, size: 4)
        else { throw .damaged("it does not begin with its header (PNG)") }
        let rows = try rowsLeft ?? height
        if rows < height { try Incomplete.check(Double(rows) / Double(height)) }
        return StillFile(
            width: width, height: height, blocks: try metadata(), isIncomplete: rows < height)
    }

    /// What a chunk holds; `nil` if its checksum is wrong.
    func content(of chunk: Chunk) throws(CodecError) -> [UInt8]? {
        let start = chunk.content.lowerBound - 8
        guard let whole = try file.bytes(at: start, count: chunk.content.count + 12),
            try PNGChecksum.isRight(whole)
        else { return nil }
        return Array(whole[8..<whole.count - 4])
    }

    /// What eXIf and the text chunks hold; the first of many, so that copies cost nothing.
    func metadata() throws(CodecError) -> MetadataBlocks {
        var blocks = MetadataBlocks()
        var texts = 0
        let types = ["eXIf", "exIf", "zxIf", "tEXt", "zTXt", "iTXt"]
        for chunk in chunks where types.contains(chunk.type) {
            guard chunk.content.count <= MetadataBlocks.maximumBlock, texts < 100,
                let content = try file.bytes(
                    at: chunk.content.lowerBound, count: chunk.content.count)
            else { continue }
            if chunk.type.lowercased().hasSuffix("xif") {
                try blocks.addExif(PNGText.exif(content))
            } else if let text = PNGText(type: chunk.type, content) {
                texts += 1
                try blocks.addPNGText(text)
            }
        }
        return blocks
    }
}

/// The checksums of PNG's chunks (W3C PNG, 5.5).
private enum PNGChecksum {
    /// An end chunk.
    static let end: [UInt8] = [0, 0, 0, 0, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82]

    /// A chunk with its length and checksum.
    static func chunk(_ type: String, _ content: [UInt8]) -> [UInt8] {
        let body = Array(type.utf8) + content
        let sum = body.withUnsafeBufferPointer { crc32_z(0, $0.baseAddress, $0.count) }
        return bigEndian(UInt32(content.count)) + body + bigEndian(UInt32(sum))
    }

    private static func bigEndian(_ value: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) }
    }

    /// Whether the last four bytes of a chunk are the CRC-32 of its type and content.
    static func isRight(_ chunk: [UInt8]) throws(CodecError) -> Bool {
        let sum = chunk.withUnsafeBufferPointer { bytes in
            crc32_z(0, bytes.baseAddress.map { $0 + 4 }, bytes.count - 8)
        }
        return try chunk.integer(at: chunk.count - 4, size: 4) == Int(sum)
    }
}
