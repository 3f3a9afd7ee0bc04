import Testing

@testable import MediaCodecs

@Suite struct WebPFileTests {
    @Test(arguments: ["lossy.webp", "lossless.webp", "alpha.webp", "animated.webp"])
    func readsTheSizeOfEachKind(_ name: String) throws {
        let still = try WebPFile(Fixture.bytes(name)).still()
        #expect(still.width == 64 && still.height == 48)
    }

    @Test func makesAFileOfAnAnimationsFirstFrame() throws {
        let animation = try WebPFile(Fixture.bytes("animated.webp"))
        let frame = try #require(try animation.firstFrame())
        #expect(frame.x == 0 && frame.y == 0)
        let still = try WebPFile(frame.file)
        #expect(try still.firstFrame() == nil)
        #expect(try still.still().width == 64)
    }

    @Test func knowsEveryCutFile() throws {
        let bytes = try Fixture.bytes("lossless.webp")
        #expect(try !WebPFile(bytes).isCutShort)
        for count in 8..<bytes.count {
            let file = try? WebPFile(Array(bytes[..<count]))
            #expect(file?.isCutShort ?? true, "\(count)")
        }
    }
}
