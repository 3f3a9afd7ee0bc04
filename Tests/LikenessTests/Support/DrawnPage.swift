import Imaging
import TestSupport

/// A white page of 38 lines of made-up letters.
struct DrawnPage {
    private static let width = 480
    private static let height = 640
    private static let lines = 38
    let image: RGBImage

    /// Another seed is another text; the line `changed` has another one than the seed's page.
    init(_ seed: UInt64, changing changed: Int? = nil) {
        var pixels = [UInt8](repeating: 250, count: Self.width * Self.height * 3)
        for line in 0..<Self.lines {
            let own = seed * 1000 + UInt64(line) + (line == changed ? 500 : 0)
            Self.draw(line, SeededGenerator(seed: own), in: &pixels)
        }
        image = RGBImage(width: Self.width, height: Self.height, pixels: pixels)
    }

    private static func draw(
        _ line: Int, _ generator: SeededGenerator, in pixels: inout [UInt8]
    ) {
        var generator = generator
        let letters = Int.random(in: 40...66, using: &generator)
        for letter in 0..<letters where Int.random(in: 0..<6, using: &generator) > 0 {
            // Strokes in a box of five by eight.
            for _ in 0..<3 {
                let isUpright = Bool.random(using: &generator)
                let place = Int.random(in: 0..<(isUpright ? 5 : 8), using: &generator)
                for step in 0..<(isUpright ? 8 : 5) {
                    let x = 36 + letter * 6 + (isUpright ? place : step)
                    let y = 24 + line * 15 + (isUpright ? step : place)
                    for channel in 0..<3 { pixels[(y * width + x) * 3 + channel] = 30 }
                }
            }
        }
    }
}
