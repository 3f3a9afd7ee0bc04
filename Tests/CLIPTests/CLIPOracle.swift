import Checkpoint
import Foundation
import Imaging
import MediaDecoding
import MediaFormats
import SystemPackage
import Tensor
import Testing

@testable import CLIP
@testable import MediaCodecs

/// A `CLIPModel` folder with the values that Hugging Face's implementation computed from it.
struct CLIPOracle: Sendable, CustomTestStringConvertible {
    let path: FilePath
    let golden: Golden
    private let values: SafetensorsFile

    /// `golden.json`.
    struct Golden: Decodable, Sendable {
        struct Text: Decodable, Sendable {
            let text: String
            let ids: [Int]
        }
        struct Picture: Decodable, Sendable {
            let image: String
        }
        let texts: [Text]
        let pictures: [Picture]
    }

    var testDescription: String { path.lastComponent?.string ?? path.string }

    /// The fixture, then the folders that `VIGNETTE_CLIP_ORACLES` lists between colons.
    static let all: [CLIPOracle] = {
        let fixture = FilePath(#filePath).removingLastComponent().removingLastComponent()
            .appending("Fixtures").appending("clip-oracle").appending("tiny-clip")
        let listed = ProcessInfo.processInfo.environment["VIGNETTE_CLIP_ORACLES"] ?? ""
        let paths = [fixture] + listed.split(separator: ":").map { FilePath(String($0)) }
        // A folder that cannot be read must not pass by being left out.
        return paths.map { path in
            do {
                return try CLIPOracle(path)
            } catch {
                fatalError("\(path): \(error)")
            }
        }
    }()

    init(_ path: FilePath) throws {
        self.path = path
        let data = try Data(contentsOf: URL(filePath: path.appending("golden.json").string))
        golden = try JSONDecoder().decode(Golden.self, from: data)
        values = try SafetensorsFile(path.appending("golden.safetensors"))
    }

    func texts() throws -> TextEncoder { try #require(try TextEncoder.load(from: path)) }

    func pictures() throws -> PictureEncoder { try #require(try PictureEncoder.load(from: path)) }

    func value(_ name: String) throws -> [Float] {
        try #require(values.weights[name]?.floats, "golden.safetensors lacks \(name)")
    }

    /// Every pixel of a picture, upright.
    func decoded(_ picture: Golden.Picture) throws -> RGBImage {
        let path = path.appending(picture.image)
        let file = try InputFile(descriptor: FileDescriptor.open(path, .readOnly).rawValue)
        return try StillReader(limits: .standard).read(
            file, MediaFormat(of: file), minimumShortEdge: nil)
    }
}

/// Compares numbers, within a share of the largest magnitude.
func expect(
    _ actual: [Float], matches expected: [Float], _ name: String,
    sourceLocation: SourceLocation = #_sourceLocation
) throws {
    try #require(actual.count == expected.count, "\(name)", sourceLocation: sourceLocation)
    let largest = try #require(expected.lazy.map(abs).max())
    let worst = try #require(zip(actual, expected).lazy.map { abs($0 - $1) }.max())
    #expect(
        worst <= 1e-3 * largest, "\(name): \(worst) of \(largest)",
        sourceLocation: sourceLocation)
}
