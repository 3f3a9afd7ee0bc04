import Checkpoint
import Foundation
import Synchronization
import SystemPackage
import Tensor
import Testing

@testable import LLaVAMini

/// A checkpoint folder with the values that the authors' implementation computed from it.
final class OracleFolder: Sendable, CustomTestStringConvertible {
    let path: FilePath
    let golden: GoldenFile
    private let loaded = Mutex<LLaVAMini?>(nil)
    private let values: SafetensorsFile

    var testDescription: String { path.lastComponent?.string ?? path.string }

    /// The fixtures' folders, then those that `VIGNETTE_ORACLES` lists between colons.
    static let all: [OracleFolder] = {
        let fixtures = FilePath(#filePath).removingLastComponent().removingLastComponent()
            .appending("Fixtures").appending("oracle")
        let own = (try? FileManager.default.contentsOfDirectory(atPath: fixtures.string)) ?? []
        let listed = ProcessInfo.processInfo.environment["VIGNETTE_ORACLES"] ?? ""
        let paths =
            own.sorted().map { fixtures.appending($0) }
            + listed.split(separator: ":").map { FilePath(String($0)) }
        // A folder that cannot be read must not pass by being left out.
        return paths.filter { !isStray($0) }.map { path in
            do {
                return try OracleFolder(path)
            } catch {
                fatalError("\(path): \(error)")
            }
        }
    }()

    static let cases: [OracleCase] = all.flatMap { folder in
        folder.golden.cases.map { OracleCase(folder: folder, golden: $0) }
    }

    private static func isStray(_ path: FilePath) -> Bool {
        path.lastComponent?.extension == "md"
    }

    init(_ path: FilePath) throws {
        self.path = path
        let data = try Data(contentsOf: URL(filePath: path.appending("golden.json").string))
        golden = try JSONDecoder().decode(GoldenFile.self, from: data)
        values = try SafetensorsFile(path.appending("golden.safetensors"))
    }

    /// The model, loaded once for all cases.
    func model() throws -> LLaVAMini {
        try loaded.withLock { loaded in
            if let loaded { return loaded }
            let model = try LLaVAMini.load(from: path)
            loaded = model
            return model
        }
    }

    func value(_ name: String) -> [Float]? { values.weights[name]?.floats }
}

/// `golden.json`.
struct GoldenFile: Decodable, Sendable {
    var cases: [Case]
    var tokenizer: [Text]?

    struct Case: Decodable, Sendable {
        var name: String
        var query: String
        var input_ids: [Int]
        var greedy_ids: [Int]
        var greedy_gaps: [Float]
        var greedy_text: String?
        var image: OneOrMore<String>?
        var images: OneOrMore<String>?
        var frames: Frames?
        var mode: String
    }

    struct Text: Decodable, Sendable {
        var text: String
        var ids: [Int]
        var decoded: String
        var decoded_cleaned: String
    }

    /// A number of frames, `frame-0.png` and so on, or their names.
    enum Frames: Decodable, Sendable {
        case count(Int)
        case names([String])

        init(from decoder: any Decoder) throws {
            if let count = try? Int(from: decoder) {
                self = .count(count)
            } else {
                self = .names(try [String](from: decoder))
            }
        }
    }

    struct OneOrMore<Element: Decodable & Sendable>: Decodable, Sendable {
        var elements: [Element]

        init(from decoder: any Decoder) throws {
            elements =
                if let one = try? Element(from: decoder) { [one] } else {
                    try [Element](from: decoder)
                }
        }
    }
}
