import Digests
import Foundation
import LLaVAMini
public import SystemPackage

/// Name and version of a model, as they stand beside every text that it wrote.
public struct ModelIdentity: Equatable, Hashable, Sendable {
    /// The folder's name.
    public let name: String
    /// Twelve hexadecimal digits that change when the model's files do.
    public let version: String

    /// `name@version`.
    public var label: String { "\(name)@\(version)" }

    /// Builds an identity from its parts.
    public init(name: String, version: String) {
        self.name = name
        self.version = version
    }

    /// Reads the identity of a model folder.
    ///
    /// Small files are hashed whole; of each weight file its size and evenly spaced samples, so that
    /// 16 GB take no longer than a few reads. What embeddings take, which a packed model may get
    /// later, changes no text that it writes.
    ///
    /// - Throws: Errors of reading the folder.
    public init(folder: FilePath) throws {
        var hash = MessageDigest()
        for file in try Self.files(in: folder) {
            hash.update(Data(file.relative.utf8))
            try Self.add(file.path, to: &hash)
        }
        let digest = hash.finalize().prefix(6).hexadecimal
        self.init(name: folder.lastComponent?.string ?? folder.string, version: digest)
    }

    private static let sampleCount = 64
    private static let sampleBytes = 4096

    private static func files(in folder: FilePath) throws -> [(relative: String, path: FilePath)] {
        let wanted: Set<String> = ["json", "safetensors", "bin"]
        let others = try? ModelConfiguration(folder: folder).filesWithoutEffect
        let found = FileManager.default.enumerator(atPath: folder.string)?.allObjects ?? []
        return found.compactMap { $0 as? String }
            .map { (relative: $0, path: folder.appending($0)) }
            .filter { wanted.contains($0.path.extension ?? "") }
            .filter { !(others ?? []).contains($0.relative) }
            .sorted { $0.relative < $1.relative }
    }

    static func add(_ path: FilePath, to hash: inout MessageDigest) throws {
        let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path.string))
        defer { try? file.close() }
        let size = try file.seekToEnd()
        hash.update(Data("\(size)".utf8))
        let whole = UInt64(sampleCount * sampleBytes)
        let offsets =
            size <= whole
            ? [0] : (0..<UInt64(sampleCount)).map { $0 * (size - UInt64(sampleBytes)) / 63 }
        for offset in offsets {
            try file.seek(toOffset: offset)
            let count = size <= whole ? Int(whole) : sampleBytes
            hash.update(try file.read(upToCount: count) ?? Data())
        }
    }
}
