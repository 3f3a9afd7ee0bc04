import Testing
import MediaDecoding
import MediaFormats

@testable import MediaCodecs

@Suite struct FileFormatsTests {
    @Test(arguments: [
        ("rgb.png", MediaFormat.png), ("420.jpg", .jpeg), ("lossy.webp", .webp),
        ("still.gif", .gif), ("rgb.bmp", .bmp), ("lzw.tiff", .tiff), ("rgb.heic", .heic),
        ("rgb.avif", .avif), ("h264.mp4", .mp4), ("rotated.mov", .mov), ("h264.mkv", .matroska),
        ("vp9.webm", .webm), ("mpeg4.avi", .avi), ("mislabelled.jpg", .png),
        ("camcorder.m2ts", .transportStream), ("dvd.vob", .programStream),
        ("video-cd.mpg", .programStream), ("windows.wmv", .asf), ("sorenson.flv", .flv),
        ("theora.ogv", .ogg), ("telephone.3gp", .telephoneClip), ("cassette.dv", .dv),
        ("professional.mxf", .mxf),
    ])
    func isToldFromTheContent(_ name: String, _ format: MediaFormat) throws {
        #expect(try MediaFormat(of: Fixture.open(name)) == format)
    }

    @Test func zerosMayFillUpADocumentType() throws {
        let bytes: [UInt8] =
            [0x1a, 0x45, 0xdf, 0xa3, 0x88, 0x42, 0x82, 0x85] + Array("webm\0".utf8)
            + [UInt8](repeating: 0, count: 16)
        #expect(try MediaFormat(of: bytes) == .webm)
    }

    @Test func everyFormatOfTheTableIsReadByOneValue() {
        let read = FileFormats.stills.flatMap(\.formats) + FileFormats.clips.flatMap(\.formats)
        #expect(Set(read) == Set(MediaFormat.all) && read.count == MediaFormat.all.count)
    }

    @Test func rejectsText() throws {
        #expect(throws: CodecError.rejected(DecodingError.textReason)) {
            try MediaFormat(of: try Fixture.open("text.jpg"))
        }
        let long = Array(String(repeating: "Straße, ", count: 2000).utf8)
        for text in [long, Array(long.dropFirst(6)), Array("a = 1\t# é\r\n".utf8)] {
            #expect(throws: CodecError.rejected(DecodingError.textReason)) {
                try MediaFormat(of: text)
            }
        }
        for bytes in [[0x47, 0x40, 0] + long, [0xff, 0xfe] + long, long.map { $0 ^ 0x80 }] {
            #expect(throws: MediaFormat.unknown) { try MediaFormat(of: bytes) }
        }
    }

    @Test func rejectsBeginningsThatEndTooSoon() throws {
        for name in [
            "rgb.png", "lossy.webp", "h264.mp4", "vp9.webm", "rgb.bmp", "camcorder.m2ts", "dvd.vob",
            "windows.wmv", "sorenson.flv", "theora.ogv", "cassette.dv", "professional.mxf",
        ] {
            let bytes = try Fixture.bytes(name)
            for count in 0..<8 {
                #expect(throws: MediaFormat.unknown) {
                    try MediaFormat(of: Array(bytes[..<min(count, 7)]))
                }
            }
        }
    }
}
