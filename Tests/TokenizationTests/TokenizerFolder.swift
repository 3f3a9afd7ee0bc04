import SystemPackage
import TestSupport

@testable import Tokenization

/// A folder with the oracle's tokenizer, or a changed one, for one test.
struct TokenizerFolder {
    private let directory: TemporaryDirectory
    var path: FilePath { directory.path }

    /// Copies the oracle's `tokenizer.json`, each `old` text in it replaced by its `new` one.
    init(replacing replacements: [(old: String, new: String)] = []) throws {
        directory = try TemporaryDirectory()
        let bytes = try contents(of: Fixtures.oracle.appending("tokenizer.json"))
        var json = String(decoding: bytes, as: UTF8.self)
        for (old, new) in replacements {
            guard json.contains(old) else { throw Missing(text: old) }
            json = json.replacing(old, with: new, maxReplacements: 1)
        }
        try write(json, "tokenizer.json")
    }

    /// The text that a test wanted to replace is not in the fixture.
    struct Missing: Error {
        let text: String
    }

    func write(_ text: String, _ name: String) throws { try write(Array(text.utf8), name) }

    func write(_ bytes: [UInt8], _ name: String) throws {
        let file = try FileDescriptor.open(
            path.appending(name), .writeOnly, options: [.create, .truncate, .closeOnExec],
            permissions: .ownerReadWrite)
        _ = try file.closeAfter { try file.writeAll(bytes) }
    }
}
