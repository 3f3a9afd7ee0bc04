/// The metadata of Canon's CR3: boxes `CMT1` to `CMT4` in a box of Canon's within `moov`, a TIFF block
/// each, and XMP beside `moov`.
///
/// The layout was worked out by L. Peter and others (github.com/lclevy/canon_cr3).
struct CanonBoxes {
    private static let canon: [UInt8] = [
        0x85, 0xc0, 0xb6, 0x87, 0x82, 0x0f, 0x11, 0xe0, 0x81, 0x11, 0xf4, 0xce, 0x46, 0x2b, 0x6a,
        0x48,
    ]
    private static let xmp: [UInt8] = [
        0xbe, 0x7a, 0xcf, 0xcb, 0x97, 0xa9, 0x42, 0xe8, 0x9c, 0x71, 0x99, 0x94, 0x91, 0xe3, 0xaf,
        0xac,
    ]

    private static let preview: [UInt8] = [
        0xea, 0xf4, 0x2b, 0x5e, 0x1c, 0x98, 0x4b, 0x88, 0xb9, 0xfb, 0xb7, 0xdc, 0x40, 0x6e, 0x4d,
        0x16,
    ]

    private let file: [UInt8]
    private let outer: [ISOBox]

    /// Recognises the file by its brand; `nil` for any other.
    init?(_ file: [UInt8]) throws(CodecError) {
        guard file.count > 16, file[4..<12].elementsEqual(Array("ftypcrx ".utf8)) else {
            return nil
        }
        self.file = file
        outer = try ISOBox.all(in: file, 0..<file.count)
    }

    /// Adds what the boxes say.
    func add(to blocks: inout MetadataBlocks) throws(CodecError) {
        for box in outer where box.type == "uuid" {
            guard let packet = content(of: box, Self.xmp) else { continue }
            blocks.addXMP(Array(file[packet].prefix(MetadataBlocks.maximumBlock)))
        }
        guard let movie = outer.first(where: { $0.type == "moov" }) else { return }
        for box in try ISOBox.all(in: file, movie.content) where box.type == "uuid" {
            guard let inner = content(of: box, Self.canon) else { continue }
            try blocks.addExif(try exif(ISOBox.all(in: file, inner)))
        }
    }

    /// The JPEGs in boxes for a preview (`PRVW`) and a thumbnail (`THMB`).
    var previews: [Range<Int>] {
        get throws(CodecError) {
            var boxes: [ISOBox] = []
            for box in outer where box.type == "uuid" {
                // Eight bytes of numbers stand before the box with the preview.
                guard let inner = content(of: box, Self.preview), inner.count > 8 else { continue }
                boxes += try ISOBox.all(in: file, inner.lowerBound + 8..<inner.upperBound)
            }
            if let movie = outer.first(where: { $0.type == "moov" }) {
                for box in try ISOBox.all(in: file, movie.content) where box.type == "uuid" {
                    guard let inner = content(of: box, Self.canon) else { continue }
                    boxes += try ISOBox.all(in: file, inner)
                }
            }
            return boxes.compactMap { box in
                guard box.type == "PRVW" || box.type == "THMB" else { return nil }
                let mark: [UInt8] = [0xff, 0xd8, 0xff]
                let start = box.content.prefix(32).first { file[$0...].starts(with: mark) }
                return start.map { $0..<box.content.upperBound }
            }
        }
    }

    /// Whether the file ends before its last box does.
    var isCutShort: Bool { (outer.last?.content.upperBound ?? 0) < file.count }

    private func content(of box: ISOBox, _ identifier: [UInt8]) -> Range<Int>? {
        guard box.content.count >= 16, file[box.content].starts(with: identifier) else {
            return nil
        }
        return box.content.lowerBound + 16..<box.content.upperBound
    }

    private func exif(_ boxes: [ISOBox]) throws(CodecError) -> Exif {
        var exif = Exif()
        for box in boxes {
            guard let structure = try TIFFStructure(file, at: box.content.lowerBound) else {
                continue
            }
            let directory = try structure.mainDirectory()
            switch box.type {
            case "CMT1": try exif.add(structure, main: directory)
            case "CMT2": try exif.add(structure, exif: directory)
            case "CMT4": try exif.add(structure, place: directory)
            default: continue
            }
        }
        return exif
    }
}
