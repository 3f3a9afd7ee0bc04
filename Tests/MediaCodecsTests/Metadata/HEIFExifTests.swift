import Testing

@testable import MediaCodecs

@Suite struct HEIFExifTests {
    private let block = TIFFBuilder().block([])

    @Test func theHeaderStandsBehindItsOffset() throws {
        #expect(try HEIFExif.header(in: [0, 0, 0, 0] + block) == 4)
        #expect(try HEIFExif.header(in: [0, 0, 0, 6] + Array("Exif\0\0".utf8) + block) == 10)
    }

    @Test func aMissingOrWrongOffsetIsNoObstacle() throws {
        #expect(try HEIFExif.header(in: block) == 0)
        #expect(try HEIFExif.header(in: [0, 0, 0, 99] + block) == 4)
        #expect(try HEIFExif.header(in: [0xff, 0xff, 0xff, 0xff] + block) == 4)
        #expect(try HEIFExif.header(in: [0, 0, 0, 0, 1, 2, 3, 4]) == nil)
        #expect(try HEIFExif.header(in: []) == nil)
    }
}
