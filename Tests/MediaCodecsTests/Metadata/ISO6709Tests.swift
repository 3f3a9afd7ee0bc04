import Testing

@testable import MediaCodecs

@Suite struct ISO6709Tests {
    @Test func readsDecimalDegrees() throws {
        let position = try #require(ISO6709.parse("+52.5200-013.4050+034.000/"))
        #expect(position.latitude == 52.52 && position.longitude == -13.405)
        #expect(ISO6709.parse("-01+002")?.longitude == 2)
    }

    @Test(arguments: ["", "/", "+52", "north", "+x+y/", "+1/+2"])
    func dropsEverythingElse(_ text: String) {
        #expect(ISO6709.parse(text) == nil)
    }
}
