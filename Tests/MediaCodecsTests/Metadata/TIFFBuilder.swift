import MediaFormats

@testable import MediaCodecs

/// Draws EXIF blocks and TIFF directories byte by byte.
struct TIFFBuilder {
    /// A tag with its type and its values' bytes, or with a directory to which it points.
    enum Value {
        case plain(tag: Int, type: Int, count: Int, bytes: [UInt8])
        case directory(tag: Int, type: Int, [Value])
    }

    var order = ByteOrder.little

    /// An integer of `size` bytes.
    func integer(_ value: Int, _ size: Int) -> [UInt8] {
        let little = (0..<size).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
        return order == .little ? little : little.reversed()
    }

    func ascii(_ tag: Int, _ text: String) -> Value {
        let bytes = Array(text.utf8) + [0]
        return .plain(tag: tag, type: 2, count: bytes.count, bytes: bytes)
    }

    func undefined(_ tag: Int, _ bytes: [UInt8], type: Int = 7) -> Value {
        .plain(tag: tag, type: type, count: bytes.count, bytes: bytes)
    }

    /// Whole numbers of a type: 1 and 6 take a byte, 3 and 8 two, all others four.
    func integers(_ tag: Int, type: Int, _ values: [Int]) -> Value {
        let size = [1: 1, 6: 1, 3: 2, 8: 2][type] ?? 4
        return .plain(
            tag: tag, type: type, count: values.count,
            bytes: values.flatMap { integer($0, size) })
    }

    /// Fractions, unsigned (5) or signed (10).
    func fractions(_ tag: Int, type: Int = 5, _ values: [(Int, Int)]) -> Value {
        .plain(
            tag: tag, type: type, count: values.count,
            bytes: values.flatMap { integer($0.0, 4) + integer($0.1, 4) })
    }

    /// A block: the header, the first directory, and behind it what did not fit into its entries.
    func block(_ values: [Value]) -> [UInt8] {
        let mark: [UInt8] = order == .little ? [0x49, 0x49] : [0x4d, 0x4d]
        return mark + integer(42, 2) + integer(8, 4) + directory(values, at: 8)
    }

    /// A directory that will stand at `start`.
    func directory(_ values: [Value], at start: Int) -> [UInt8] {
        var entries = integer(values.count, 2)
        var data: [UInt8] = []
        let dataStart = start + 2 + values.count * 12 + 4
        for value in values {
            let place = dataStart + data.count
            switch value {
            case .plain(let tag, let type, let count, let bytes):
                entries += integer(tag, 2) + integer(type, 2) + integer(count, 4)
                if bytes.count <= 4 {
                    entries += bytes + [UInt8](repeating: 0, count: 4 - bytes.count)
                } else {
                    entries += integer(place, 4)
                    data += bytes
                }
            case .directory(let tag, let type, let values):
                entries += integer(tag, 2) + integer(type, 2) + integer(1, 4) + integer(place, 4)
                data += directory(values, at: place)
            }
        }
        return entries + integer(0, 4) + data
    }
}

/// Draws small files around blocks of metadata.
enum FileBuilder {
    /// A JPEG segment.
    static func segment(_ marker: UInt8, _ content: [UInt8]) -> [UInt8] {
        let length = content.count + 2
        return [0xff, marker, UInt8(length >> 8), UInt8(length & 0xff)] + content
    }

    /// `Exif\0\0` and a block as APP1.
    static func exifSegment(_ block: [UInt8]) -> [UInt8] {
        segment(0xe1, Array("Exif\0\0".utf8) + block)
    }

    /// An XMP packet as APP1.
    static func xmpSegment(_ packet: String) -> [UInt8] {
        segment(0xe1, Array("http://ns.adobe.com/xap/1.0/\0".utf8) + Array(packet.utf8))
    }

    /// A real picture with segments put in front of its own, or behind its frame header.
    static func jpeg(_ segments: [UInt8], behindFrame: Bool = false) throws -> [UInt8] {
        let bytes = try Fixture.bytes("420.jpg")
        var place = 2
        if behindFrame {
            var walk = JPEGSegments(bytes)
            while let segment = try walk.next(), segment.marker != 0xc0 {}
            while !bytes[(place - 2)...].starts(with: [0xff, 0xc0]) { place += 1 }
            place += Int(bytes[place]) << 8 | Int(bytes[place + 1])
        }
        return bytes[..<place] + segments + bytes[place...]
    }

    /// A PNG chunk with its checksum.
    static func chunk(_ type: String, _ content: [UInt8], breaking: Bool = false) -> [UInt8] {
        let body = Array(type.utf8) + content
        var sum: UInt32 = 0xffff_ffff
        for byte in body {
            sum ^= UInt32(byte)
            for _ in 0..<8 { sum = sum & 1 == 0 ? sum >> 1 : sum >> 1 ^ 0xedb8_8320 }
        }
        let big = TIFFBuilder(order: .big)
        return big.integer(content.count, 4) + body
            + big.integer(Int(~sum) ^ (breaking ? 1 : 0), 4)
    }

    /// A real picture with chunks put behind its header.
    static func png(_ chunks: [UInt8], hasEnd: Bool = true) throws -> [UInt8] {
        let bytes = try Fixture.bytes("rgb.png")
        return bytes[..<33] + chunks + bytes[33...].dropLast(hasEnd ? 0 : 12)
    }

    /// A packet with these properties and elements in it.
    static func xmp(attributes: String = "", _ elements: String = "") -> String {
        """
        <x:xmpmeta xmlns:x="adobe:ns:meta/">
        <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
        <rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"
        xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:exif="http://ns.adobe.com/exif/1.0/"
        xmlns:tiff="http://ns.adobe.com/tiff/1.0/" xmlns:lr="http://ns.adobe.com/lightroom/1.0/"
        xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"
        xmlns:digiKam="http://www.digikam.org/ns/1.0/"
        xmlns:Iptc4xmpCore="http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/"
        xmlns:xmpNote="http://ns.adobe.com/xmp/note/"
        xmlns:Camera="http://ns.google.com/photos/1.0/camera/"
        xmlns:Container="http://ns.google.com/photos/1.0/container/"
        xmlns:Item="http://ns.google.com/photos/1.0/container/item/" \(attributes)>
        \(elements)</rdf:Description></rdf:RDF></x:xmpmeta>
        """
    }

    /// A data set of IPTC-IIM.
    static func iptc(_ record: UInt8, _ set: UInt8, _ text: [UInt8]) -> [UInt8] {
        [0x1c, record, set, UInt8(text.count >> 8), UInt8(text.count & 0xff)] + text
    }

    /// Image resources of Photoshop, with IPTC-IIM behind another one.
    static func photoshop(_ iptc: [UInt8]) -> [UInt8] {
        let big = TIFFBuilder(order: .big)
        let other: [UInt8] = Array("8BIM".utf8) + [0x03, 0xed, 3, 0x61, 0x62, 0x63]
        return other + big.integer(3, 4) + [1, 2, 3, 0] + Array("8BIM".utf8)
            + [0x04, 0x04, 0, 0] + big.integer(iptc.count, 4) + iptc
    }

    /// What a file of a still says.
    static func blocks(_ bytes: [UInt8], _ format: MediaFormat) throws -> MetadataBlocks {
        let scratch = try ScratchFile(bytes)
        return try StillFile.read(scratch.open(), format).blocks
    }
}
