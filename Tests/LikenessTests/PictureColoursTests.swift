import Imaging
import Testing

@testable import Likeness

@Suite struct PictureColoursTests {
    /// A picture of four columns and three rows of plain colours.
    private func picture(_ colour: (_ row: Int, _ column: Int) -> [UInt8]) -> RGBImage {
        let (width, height) = (160, 120)
        var pixels: [UInt8] = []
        for y in 0..<height {
            for x in 0..<width { pixels += colour(y / 40, x / 40) }
        }
        return RGBImage(width: width, height: height, pixels: pixels)
    }

    @Test(arguments: [[255, 255, 255], [0, 0, 0], [200, 40, 30], [30, 60, 180], [90, 160, 70]])
    func aPlainPictureHasItsColourEverywhere(colour: [UInt8]) {
        let colours = PictureColours(PictureSignature(picture { _, _ in colour }))
        #expect(colours.values.count == 36)
        for (place, value) in colours.values.enumerated() {
            #expect(abs(Int(value) - Int(colour[place % 3])) <= 4)
        }
    }

    @Test func eachCellHasTheColourOfItsPlace() {
        let colours = PictureColours(
            PictureSignature(
                picture { row, column in
                    row == 0 ? [40, 90, 200] : [UInt8(60 + column * 50), 80, 60]
                }))
        let cell = { (row: Int, column: Int) in
            colours.values[(row * 4 + column) * 3..<(row * 4 + column) * 3 + 3].map(Int.init)
        }
        #expect(cell(0, 0)[2] > 170 && cell(0, 3)[2] > 170)
        #expect(cell(2, 0)[0] < 100 && cell(2, 3)[0] > 180)
        #expect(cell(1, 1)[0] < cell(1, 2)[0])
    }
}
