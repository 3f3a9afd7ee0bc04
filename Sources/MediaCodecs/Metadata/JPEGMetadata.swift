import XMPWriting

/// Collects the blocks of metadata from a JPEG's application segments (APP1 and APP13).
struct JPEGMetadata {
    private static let exif = Array("Exif\0".utf8)
    private static let xmp = Array("http://ns.adobe.com/xap/1.0/\0".utf8)
    private static let extendedXMP = Array("http://ns.adobe.com/xmp/extension/\0".utf8)
    private static let photoshop = Array("Photoshop 3.0\0".utf8)

    private(set) var blocks = MetadataBlocks()
    /// Photoshop's resources, which may be spread over several segments.
    private var resources: [UInt8] = []
    private var extended = ExtendedXMP()

    /// Looks at a segment's content.
    mutating func add(
        marker: UInt8, _ content: Range<Int>, of file: any ByteSource
    ) throws(CodecError) {
        guard marker == 0xe1 || marker == 0xec || marker == 0xed,
            let bytes = try file.bytes(at: content.lowerBound, count: content.count)
        else { return }
        if marker == 0xec {
            blocks.addContainerMoment(PictureInfo.moment(in: bytes))
        } else if marker == 0xed {
            guard bytes.starts(with: Self.photoshop),
                resources.count + bytes.count <= MetadataBlocks.maximumBlock
            else { return }
            resources += bytes[Self.photoshop.count...]
        } else if Self.isExif(bytes) {
            // The sixth byte is a zero; some writers put something else there.
            try blocks.addExif(Array(bytes.dropFirst(6)))
        } else if bytes.starts(with: Self.xmp) {
            blocks.addXMP(Array(bytes[Self.xmp.count...]))
        } else if bytes.starts(with: Self.extendedXMP) {
            extended.add(bytes[Self.extendedXMP.count...])
        }
    }

    /// `Exif`, in capital letters too, and a zero.
    private static func isExif(_ bytes: [UInt8]) -> Bool {
        bytes.prefix(5).map { $0 & ~0x20 }.elementsEqual(exif.map { $0 & ~0x20 })
    }

    /// Adds what was spread over several segments, and gives all blocks.
    mutating func finish() throws(CodecError) -> MetadataBlocks {
        try blocks.addPhotoshopResources(resources)
        for packet in extended.packets(for: blocks.xmp) { blocks.addXMP(packet) }
        return blocks
    }
}

/// The parts of packets that are too long for one segment (XMP part 3, 1.1.3.1).
struct ExtendedXMP {
    /// Packets that are put together at a time.
    private static let maximumPackets = 4
    private static let digestLength = 32

    /// Parts by the digest of the whole: its length, and the parts by their places.
    private var parts: [[UInt8]: (length: Int, pieces: [Int: [UInt8]])] = [:]

    /// Adds a segment: 32 bytes of digest, the whole's length, the part's place, the part.
    mutating func add(_ content: ArraySlice<UInt8>) {
        let bytes = Array(content)
        let header = Self.digestLength + 8
        guard bytes.count > header else { return }
        let digest = Array(bytes[..<Self.digestLength])
        let length = bytes[Self.digestLength..<Self.digestLength + 4].reduce(0) {
            $0 << 8 | Int($1)
        }
        let place = bytes[Self.digestLength + 4..<header].reduce(0) { $0 << 8 | Int($1) }
        guard parts[digest] != nil || parts.count < Self.maximumPackets,
            length <= MetadataBlocks.maximumBlock, place <= length - (bytes.count - header)
        else { return }
        parts[digest, default: (length, [:])].pieces[place] = Array(bytes[header...])
    }

    /// The whole packets to which one of `main` points (`xmpNote:HasExtendedXMP`).
    func packets(for main: [[UInt8]]) -> [[UInt8]] {
        guard !parts.isEmpty else { return [] }
        let name = XMPName(XMPNamespace.note, "HasExtendedXMP")
        let wanted = main.compactMap { XMPPacket(parsing: $0)?.text(name) }
        return wanted.compactMap { digest in
            guard let part = parts[Array(digest.utf8)] else { return nil }
            var whole: [UInt8] = []
            while let piece = part.pieces[whole.count], !piece.isEmpty { whole += piece }
            return whole.count == part.length ? whole : nil
        }
    }
}
