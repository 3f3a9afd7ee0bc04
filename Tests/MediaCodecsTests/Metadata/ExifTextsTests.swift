import Imaging
import MediaDecoding
import Testing

@testable import MediaCodecs

@Suite struct ExifTextsTests {
    private let tiff = TIFFBuilder()

    private func texts(
        main: [TIFFBuilder.Value] = [], exif: [TIFFBuilder.Value] = []
    ) throws -> EmbeddedTexts {
        try Exif(tiff.block(main + [.directory(tag: 0x8769, type: 4, exif)])).texts
    }

    private func utf16(_ text: String) -> [UInt8] {
        text.utf16.flatMap { [UInt8($0 & 0xff), UInt8($0 >> 8)] } + [0, 0]
    }

    @Test func readsWhatWindowsWrites() throws {
        let texts = try texts(main: [
            tiff.integers(0x4746, type: 3, [4]), tiff.undefined(0x9c9b, utf16("Goats"), type: 1),
            tiff.undefined(0x9c9c, utf16("On a beach"), type: 1),
            tiff.undefined(0x9c9e, utf16("goat; beach"), type: 1),
        ])
        #expect(
            texts
                == EmbeddedTexts(
                    title: "Goats", caption: "On a beach", keywords: ["goat", "beach"], rating: 4))
    }

    @Test(arguments: [
        "OLYMPUS DIGITAL CAMERA         ", "SONY DSC", "DCIM\\100MEDIA\\DJI_0001.JPG", " ",
    ])
    func whatCamerasWriteByThemselvesIsNoCaption(_ text: String) throws {
        #expect(try texts(main: [tiff.ascii(0x010e, text)]).isEmpty)
    }

    @Test func readsCommentsInTheirEncodings() throws {
        let unicode = Array("UNICODE\0".utf8) + utf16("Zi\u{e4}gen")
        let ascii = Array("ASCII\0\0\0Goats".utf8)
        #expect(try texts(exif: [tiff.undefined(0x9286, unicode)]).caption == "Zi\u{e4}gen")
        #expect(try texts(exif: [tiff.undefined(0x9286, ascii)]).caption == "Goats")
        let padding = [UInt8](repeating: 0, count: 40)
        #expect(try texts(exif: [tiff.undefined(0x9286, padding)]).isEmpty)
    }

    @Test func readsTheIdentifierOfALivePhoto() throws {
        let big = TIFFBuilder(order: .big)
        let identifier = "3E1B4B5A-6C11-4C4F-9C9A-0B9B7A0E1F22"
        let note =
            Array("Apple iOS\0".utf8) + [0, 1, 0x4d, 0x4d]
            + big.directory(
                [big.integers(1, type: 9, [14]), big.ascii(0x0011, identifier)], at: 14)
        let block = tiff.block([
            .directory(tag: 0x8769, type: 4, [tiff.undefined(0x927c, note)])
        ])
        #expect(try Exif(block).contentIdentifier == identifier)
    }

    @Test func survivesAnyMutation() throws {
        var random = SplitMix(state: 0x7e97)
        let place = [
            tiff.ascii(1, "N"), tiff.fractions(2, type: 10, [(48, 1), (42, 1), (30, 1)]),
            tiff.ascii(3, "E"), tiff.fractions(4, [(2, 1), (20, 1), (15, 1)]),
        ]
        let original = tiff.block([
            tiff.ascii(0x010e, "Goats on a beach"), tiff.integers(0x0112, type: 8, [6]),
            tiff.undefined(0x9c9e, utf16("goat;beach"), type: 1),
            .directory(
                tag: 0x8769, type: 4,
                [
                    tiff.ascii(0x9003, "2019:04:09 16:19:13"),
                    tiff.undefined(0x927c, Array("Apple iOS\0\0\u{1}MM\0\u{1}".utf8)),
                ]), .directory(tag: 0x8825, type: 4, place),
        ])
        for _ in 0..<5000 {
            let exif = try Exif(Mutation.of(original, &random))
            #expect(exif.position.map { abs($0.latitude) <= 90 } ?? true)
            #expect((exif.original?.count ?? 0) <= 40)
        }
    }
}
