import Imaging
import MediaDecoding
import SystemPackage
import Testing

/// A file that somebody reported or that was made after a report, and the right answer to it.
struct Report: CustomTestStringConvertible, Sendable {
    /// Its name in Tests/Fixtures/reports.
    let name: String
    /// Upright edges.
    let size: (width: Int, height: Int)
    /// The picture in Samples that it shows; `nil` for others, which are only decoded.
    var sample: String?
    /// Whether its pixels lie in the sample's upright rows although they say that they are to be turned.
    var isTurned = false
    /// Whether it shows the sample in grey.
    var isGrey = false
    /// Whether its end is missing.
    var isIncomplete = false
    /// How far from the sample its pixels may be on average, of 255.
    var tolerance = 10
    /// When it was taken.
    var takenAt: String?
    /// With what.
    var camera: String?
    /// Whether it says that it was taken at 48.7083, 2.3375.
    var isInParis = false

    var testDescription: String { name }

    static let folder = Fixture.folder.removingLastComponent().appending("reports")
    var path: FilePath { Self.folder.appending(name) }
}

extension Report {
    /// Red, green and blue of each field of a grid, row by row.
    static func grid(_ image: RGBImage, edge: Int = 16) -> [Double] {
        var sums = [Double](repeating: 0, count: edge * edge * 3)
        var counts = [Double](repeating: 0, count: edge * edge * 3)
        for y in 0..<image.height {
            for x in 0..<image.width {
                let field = (y * edge / image.height * edge + x * edge / image.width) * 3
                let place = (y * image.width + x) * 3
                for channel in 0..<3 {
                    sums[field + channel] += Double(image.pixels[place + channel])
                    counts[field + channel] += 1
                }
            }
        }
        return zip(sums, counts).map { $0 / max($1, 1) }
    }

    /// Mean absolute difference of two pictures, whatever their sizes.
    static func distance(_ one: RGBImage, _ other: RGBImage) -> Double {
        let pairs = zip(grid(one), grid(other))
        return pairs.reduce(0) { $0 + abs($1.0 - $1.1) } / Double(16 * 16 * 3)
    }

    /// The stored picture turned a quarter clockwise, as orientation 6 asks for.
    static func turned(_ image: RGBImage) -> RGBImage {
        var pixels: [UInt8] = []
        for x in 0..<image.width {
            for y in (0..<image.height).reversed() {
                let place = (y * image.width + x) * 3
                pixels += image.pixels[place..<place + 3]
            }
        }
        return RGBImage(width: image.height, height: image.width, pixels: pixels)
    }

    /// The same picture without its colours (the weights of ITU-R BT.601).
    static func grey(_ image: RGBImage) -> RGBImage {
        let pixels = stride(from: 0, to: image.pixels.count, by: 3).flatMap { place in
            let (red, green, blue) = (
                Int(image.pixels[place]), Int(image.pixels[place + 1]), Int(image.pixels[place + 2])
            )
            return [UInt8](
                repeating: UInt8((red * 299 + green * 587 + blue * 114) / 1000), count: 3)
        }
        return RGBImage(width: image.width, height: image.height, pixels: pixels)
    }

    /// What the picture ought to look like.
    func expected(_ decoder: Decoder) throws -> RGBImage? {
        guard let sample else { return nil }
        let samples = Fixture.folder.removingLastComponent().removingLastComponent()
            .removingLastComponent().appending("Samples")
        let image = try decoder.still(samples.appending(sample), minimumShortEdge: 96)
        return isTurned ? Self.turned(image) : isGrey ? Self.grey(image) : image
    }
}
