import Testing

@testable import MediaCodecs

@Suite struct ChromaticitiesTests {
    @Test func convertsBT2020AsTheStandardPrintsIt() throws {
        // ITU-R BT.2407, 2.2.
        let printed = [
            [1.6605, -0.5876, -0.0728], [-0.1246, 1.1329, -0.0083], [-0.0182, -0.1006, 1.1187],
        ]
        let matrix = try #require(CodedColour(primaries: 9).chromaticities.toSRGB)
        for (row, wanted) in zip(matrix.rows, printed) {
            #expect(zip(row, wanted).allSatisfy { abs($0 - $1) < 0.0002 })
        }
    }

    @Test(arguments: 0...22)
    func keepsWhiteWhite(_ primaries: Int) throws {
        let matrix = try #require(CodedColour(primaries: primaries).chromaticities.toSRGB)
        #expect(matrix.times([1, 1, 1]).allSatisfy { abs($0 - 1) < 0.001 })
    }

    @Test func refusesPointsThatAreNoColours() {
        typealias Point = Chromaticities.Point
        let point = Point(0.3, 0.3)
        let points = [
            Chromaticities(red: point, green: point, blue: point, white: point),
            Chromaticities(
                red: Point(0.64, 0), green: Point(0.3, 0.6), blue: Point(0.15, 0.06),
                white: Point(0.3127, 0.329)),
        ]
        #expect(points.allSatisfy { $0.toSRGB == nil })
    }
}
