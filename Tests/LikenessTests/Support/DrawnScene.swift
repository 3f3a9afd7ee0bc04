import Imaging
import TestSupport

/// A scene of soft blobs and stripes that can be drawn at any size, from any part, and with a part of it moved.
struct DrawnScene {
    private struct Blob {
        var x: Double
        var y: Double
        let radius: Double
        let colour: SIMD3<Double>
    }

    private var blobs: [Blob] = []
    private let ground: SIMD3<Double>
    private let stripes: Double

    /// Another seed is another scene.
    init(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let random = { (range: ClosedRange<Double>) in
            Double.random(in: range, using: &generator)
        }
        ground = SIMD3(random(60...170), random(60...170), random(60...170))
        stripes = random(8...20)
        for _ in 0..<24 {
            let (x, y, radius) = (random(0...1), random(0...1), random(0.03...0.14))
            let colour = SIMD3(random(0...200), random(0...200), random(0...200))
            blobs.append(Blob(x: x, y: y, radius: radius, colour: colour))
        }
    }

    /// The scene with one blob elsewhere.
    func moved(_ index: Int, by distance: Double) -> DrawnScene {
        var scene = self
        scene.blobs[index].x += distance
        return scene
    }

    /// A part of the scene, from `left` and `top` over `width` and `height` of it, at any number of pixels.
    func image(
        _ width: Int, _ height: Int, left: Double = 0, top: Double = 0, across: Double = 1,
        down: Double = 1, turned: Double = 0, change: (Double) -> Double = { $0 }
    ) -> RGBImage {
        var pixels: [UInt8] = []
        pixels.reserveCapacity(width * height * 3)
        for row in 0..<height {
            for column in 0..<width {
                let x = left + (Double(column) + 0.5) / Double(width) * across - 0.5
                let y = top + (Double(row) + 0.5) / Double(height) * down - 0.5
                let colour = colour(x - turned * y + 0.5, y + turned * x + 0.5)
                for channel in 0..<3 {
                    pixels.append(UInt8(clamping: Int(change(colour[channel]))))
                }
            }
        }
        return RGBImage(width: width, height: height, pixels: pixels)
    }

    private func colour(_ x: Double, _ y: Double) -> [Double] {
        let phase = x * stripes + y * 3
        let light = 25 * abs(phase - phase.rounded())
        var (red, green, blue) = (ground.x + light, ground.y + light, ground.z + light)
        for blob in blobs where abs(x - blob.x) < blob.radius && abs(y - blob.y) < blob.radius {
            let distance = ((x - blob.x) * (x - blob.x) + (y - blob.y) * (y - blob.y)).squareRoot()
            let weight = min(max((blob.radius - distance) / 0.01, 0), 1)
            red += (blob.colour.x - red) * weight
            green += (blob.colour.y - green) * weight
            blue += (blob.colour.z - blue) * weight
        }
        return [red, green, blue]
    }
}
