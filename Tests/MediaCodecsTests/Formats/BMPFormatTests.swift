import Imaging
import MediaDecoding
import MediaFormats
import TestSupport
import Testing

@testable import MediaCodecs

/// Bitmaps of all kinds, drawn here.
@Suite struct BMPFormatTests {
    private static let little = TIFFBuilder()
    private static let width = 5
    private static let height = 3

    /// A shade of red, green, blue or alpha, from 0 to 1.
    private static func shade(_ x: Int, _ y: Int, _ channel: Int) -> Double {
        Double((x * 7 + y * 5 + channel * 3) % 8) / 7
    }

    /// A file whose rows hold these numbers of so many bits, from the bottom up.
    private static func file(
        headerSize: Int = 40, depth: Int, compression: Int = 0, masks: [Int] = [],
        palette: [UInt8] = [], isTopDown: Bool = false, pixel: (Int, Int) -> Int
    ) -> [UInt8] {
        let field = headerSize == 12 ? 2 : 4
        var header = little.integer(width, field)
        header += little.integer(isTopDown ? -height : height, field)
        header += little.integer(1, 2) + little.integer(depth, 2)
        header += little.integer(compression, 4) + [UInt8](repeating: 0, count: 20)
        header += masks.flatMap { little.integer($0, 4) } + [UInt8](repeating: 0, count: 100)
        // Masks stand behind a header of forty bytes, and in a larger one.
        let masksBehind = headerSize == 40 ? masks.count * 4 : 0
        header = little.integer(headerSize, 4) + header.prefix(headerSize - 4 + masksBehind)
        var rows: [UInt8] = []
        for y in isTopDown ? Array(0..<height) : (0..<height).reversed() {
            let bits = (0..<width).map { pixel($0, y) }
            var row: [UInt8] = []
            if depth >= 8 {
                row = bits.flatMap { little.integer($0, depth / 8) }
            } else {
                let perByte = 8 / depth
                for start in stride(from: 0, to: width, by: perByte) {
                    var byte = 0
                    for index in start..<start + perByte {
                        byte = byte << depth | (index < width ? bits[index] : 0)
                    }
                    row.append(UInt8(byte))
                }
            }
            rows += row + [UInt8](repeating: 0, count: (4 - row.count % 4) % 4)
        }
        let start = 14 + header.count + palette.count
        return Array("BM".utf8) + little.integer(start + rows.count, 4) + little.integer(0, 4)
            + little.integer(start, 4) + header + palette + rows
    }

    private static func read(_ bytes: [UInt8]) throws -> RGBImage {
        let scratch = try ScratchFile(bytes)
        return try StillReader(limits: .standard)
            .read(scratch.open(), .bmp, minimumShortEdge: nil)
    }

    @Test func looksForRowsBehindAPaletteThatTheHeaderForgot() throws {
        let palette: [UInt8] = (0..<256).flatMap { [UInt8($0), UInt8($0), UInt8($0), 0] }
        var bytes = Self.file(depth: 8, palette: palette) { x, y in
            Int(Self.shade(x, y, 0) * 255)
        }
        bytes.replaceSubrange(10..<14, with: Self.little.integer(54, 4))
        // What fills up the last row need not be there.
        bytes.removeLast(3)
        let image = try Self.read(bytes)
        #expect(TIFFPictureTests.shows(image) { x, y, _ in Self.shade(x, y, 0) })
    }

    private static func packed(_ masks: [Int], _ x: Int, _ y: Int) -> Int {
        var pixel = 0
        for (channel, mask) in masks.enumerated() where mask != 0 {
            let shift = mask.trailingZeroBitCount
            let number = (shade(x, y, channel) * Double(mask >> shift)).rounded()
            pixel |= Int(number) << shift
        }
        return pixel
    }

    /// What is left of a shade in so many bits.
    private static func kept(_ shade: Double, _ mask: Int) -> Double {
        let maximum = Double(mask >> mask.trailingZeroBitCount)
        return (shade * maximum).rounded() / maximum
    }

    @Test(arguments: [
        (16, [0xf800, 0x7e0, 0x1f]), (16, [0xe0, 0x1c, 0x3]), (16, [0x1f, 0x3e0, 0x7c00]),
        (32, [0xff, 0xff00, 0xff_0000]), (32, [0x7ff, 0x3f_f800, 0xffc0_0000]),
        (32, [0xff00_0000, 0xff_0000, 0xff00]),
    ])
    func readsAnyMasks(_ depth: Int, masks: [Int]) throws {
        for size in [40, 52, 56, 108, 124] {
            let all = size > 52 ? masks + [0] : masks
            let bytes = Self.file(headerSize: size, depth: depth, compression: 3, masks: all) {
                Self.packed(masks, $0, $1)
            }
            let image = try Self.read(bytes)
            #expect(
                TIFFPictureTests.shows(image) { x, y, channel in
                    Self.kept(Self.shade(x, y, channel), masks[channel])
                }, "\(size)")
        }
    }

    @Test(arguments: [56, 124])
    func laysAlphaOverWhiteWhereAMaskSaysSo(_ size: Int) throws {
        let masks = [0xff_0000, 0xff00, 0xff, 0xff00_0000]
        let bytes = Self.file(headerSize: size, depth: 32, compression: 3, masks: masks) {
            Self.packed(masks, $0, $1)
        }
        let image = try Self.read(bytes)
        #expect(
            TIFFPictureTests.shows(image, within: 2) { x, y, channel in
                let alpha = Self.shade(x, y, 3)
                return Self.shade(x, y, channel) * alpha + 1 - alpha
            })
    }

    @Test func leavesTheFourthByteAsideWhereNothingSaysThatItIsAlpha() throws {
        let masks = [0xff_0000, 0xff00, 0xff, 0xff00_0000]
        // A mask counts only with the compression that has masks.
        let bytes = Self.file(headerSize: 124, depth: 32, masks: masks) {
            Self.packed(masks, $0, $1)
        }
        #expect(TIFFPictureTests.shows(try Self.read(bytes), Self.shade))
    }

    @Test func showsAPictureWhoseAlphaIsEmpty() throws {
        let masks = [0xff_0000, 0xff00, 0xff, 0xff00_0000]
        let bytes = Self.file(headerSize: 56, depth: 32, compression: 3, masks: masks) {
            Self.packed(Array(masks[..<3]), $0, $1)
        }
        #expect(TIFFPictureTests.shows(try Self.read(bytes), Self.shade))
    }

    @Test(arguments: [1, 2, 4, 8], [12, 16, 40, 64])
    func readsPalettes(_ depth: Int, headerSize: Int) throws {
        let count = 1 << depth
        let size = headerSize == 12 ? 3 : 4
        var palette: [UInt8] = []
        for index in 0..<count {
            for channel in (0..<3).reversed() {
                palette.append(UInt8((index * 37 + channel * 11) % 256))
            }
            if size == 4 { palette.append(0) }
        }
        let index = { (x: Int, y: Int) -> Int in (x * 3 + y) % count }
        let bytes = Self.file(
            headerSize: headerSize, depth: depth, palette: palette, pixel: index)
        let image = try Self.read(bytes)
        #expect(
            TIFFPictureTests.shows(image, within: 0) { x, y, channel in
                let value: Int = (index(x, y) * 37 + channel * 11) % 256
                return Double(value) / 255
            })
    }

    @Test(arguments: [false, true])
    func readsRowsInEitherOrder(_ isTopDown: Bool) throws {
        let masks = [0xff_0000, 0xff00, 0xff]
        let bytes = Self.file(depth: 24, isTopDown: isTopDown) { Self.packed(masks, $0, $1) }
        #expect(TIFFPictureTests.shows(try Self.read(bytes), Self.shade))
        // The last byte only fills the row up.
        #expect(throws: CodecError.cutShort) { try Self.read(bytes.dropLast(2)) }
    }

    @Test func saysWhichCodingsAreNotSupported() {
        let bytes = Self.file(depth: 24, compression: 4) { _, _ in 0 }
        #expect(throws: CodecError.notSupported("a BMP with compression 4")) {
            try Self.read(bytes)
        }
    }

    @Test func survivesAnyChange() throws {
        var generator = SeededGenerator(seed: 15)
        for kind in 0..<300 {
            let depth = [1, 4, 8, 16, 24, 32][kind % 6]
            let size = [12, 40, 56, 124][kind % 4]
            let bytes = Self.file(
                headerSize: size, depth: depth, compression: kind % 3 == 0 ? 3 : 0
            ) { x, _ in x % 2 }
            _ = try? Self.read(mutated(bytes, using: &generator))
        }
    }
}
