import MediaDecoding
import Testing

@Suite struct DecoderReplyTests {
    @Test func pictureHeadersRoundTrip() {
        let header = PictureHeader(width: 640, height: 480, second: 12)
        #expect(header.bytes.count == PictureHeader.size)
        #expect(PictureHeader(bytes: header.bytes, maximumPixels: 307_200) == header)
    }

    @Test func refusesSizesAboveTheLimitAndNone() {
        let limit = 200_000_000
        let bad = [(0, 1), (1, 0), (20_000, 10_001), (0xffff_ffff, 0xffff_ffff)]
        for (width, height) in bad {
            let bytes = PictureHeader(width: width, height: height).bytes
            #expect(PictureHeader(bytes: bytes, maximumPixels: limit) == nil)
        }
        for second in [Double.nan, -1, .infinity] {
            let bytes = PictureHeader(width: 1, height: 1, second: second).bytes
            #expect(PictureHeader(bytes: bytes, maximumPixels: limit) == nil)
        }
    }

    @Test func framesBeginWithTagAndLength() {
        #expect(DecoderReply.header(.picture, count: 0x0102_0304) == [2, 4, 3, 2, 1])
    }
}
