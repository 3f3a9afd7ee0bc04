import CLibAV
import Imaging
import SystemPackage
import Testing

@testable import MediaCodecs

/// The files of Tests/Fixtures/media and what is on them.
enum Fixture {
    /// The folder.
    static let folder = FilePath(#filePath).removingLastComponent().removingLastComponent()
        .appending("Fixtures/media")

    static func path(_ name: String) -> FilePath { folder.appending(name) }

    static func open(_ name: String) throws -> InputFile {
        av_log_set_level(AV_LOG_QUIET)
        return try InputFile(path(name))
    }

    static func bytes(_ name: String) throws -> [UInt8] {
        try open(name).wholeFile(limit: 1 << 20)
    }

    /// Red, green, blue, yellow: the scene's quadrants, row by row.
    static let scene: [[UInt8]] = [[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 0]]

    /// The colours in the middle of the four quadrants.
    static func quadrants(_ image: RGBImage) -> [[UInt8]] {
        [(1, 1), (3, 1), (1, 3), (3, 3)].map { x, y in
            let offset = (image.height * y / 4 * image.width + image.width * x / 4) * 3
            return Array(image.pixels[offset..<offset + 3])
        }
    }

    /// Whether two lists of colours are alike within what lossy coding does to plain colours.
    static func alike(_ one: [[UInt8]], _ other: [[UInt8]], within tolerance: Int = 4) -> Bool {
        one.count == other.count
            && zip(one.joined(), other.joined()).allSatisfy { abs(Int($0) - Int($1)) <= tolerance }
    }
}
