import Testing

@testable import MediaCodecs

@Suite struct CameraNameTests {
    @Test func saysTheMakerOnce() {
        #expect(CameraName.join(maker: "Canon", model: "Canon EOS R6") == "Canon EOS R6")
        #expect(CameraName.join(maker: "NIKON CORPORATION", model: "NIKON D850") == "NIKON D850")
        #expect(CameraName.join(maker: "Apple", model: "iPhone 15") == "Apple iPhone 15")
        #expect(CameraName.join(maker: nil, model: "X100") == "X100")
        #expect(CameraName.join(maker: "Fuji", model: " ") == "Fuji")
        #expect(CameraName.join(maker: " ", model: nil) == nil)
    }

    @Test func isOneBoundedLine() {
        #expect(CameraName.join(maker: "A\u{1b}[31m\nB", model: nil) == "A [31m B")
        #expect(
            CameraName.join(maker: String(repeating: "x", count: 999), model: nil)?.count == 200)
    }
}
