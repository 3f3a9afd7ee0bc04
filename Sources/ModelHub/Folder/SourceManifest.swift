import FileSystem
import Foundation
public import SystemPackage

/// `vignette-source.json`: where a model's files come from, and the digest of each, as they were when
/// the folder was made.
///
/// It holds nothing that differs between two pulls of the same commit.
public struct SourceManifest: Codable, Equatable, Sendable {
    /// A repository that files come from.
    public struct Source: Codable, Equatable, Sendable {
        /// `OWNER/NAME`.
        public let repository: String
        /// The revision that was asked for.
        public let revision: String
        /// The commit that it named.
        public let commit: String
    }

    /// A file of the folder.
    public struct File: Codable, Equatable, Sendable {
        /// Its path within the folder.
        public let path: String
        /// Its length.
        public let bytes: Int64
        /// Its digest, 64 hexadecimal digits.
        public let sha256: String
    }

    /// The version of this format.
    public let format: Int
    /// The checkpoint's repository, then the vision tower's where that is another.
    public let sources: [Source]
    /// All files but the manifest, by path.
    public let files: [File]

    /// The manifest's own name.
    public static let fileName = "vignette-source.json"
    private static let currentFormat = 1
    private static let maximumByteCount = 16 << 20

    /// Builds a manifest.
    public init(sources: [Source], files: [File]) {
        format = Self.currentFormat
        self.sources = sources
        self.files = files.sorted { $0.path < $1.path }
    }

    /// Reads every file of a folder and notes it.
    ///
    /// - Parameters:
    ///   - folder: A model's folder, complete.
    ///   - sources: Where its files come from.
    /// - Throws: `HubError` naming the file that cannot be read.
    public init(recording folder: FilePath, sources: [Source]) throws {
        let names = FileManager.default.enumerator(atPath: folder.string)?.allObjects ?? []
        let paths = names.compactMap { ($0 as? String).flatMap { RepositoryPath($0) } }
        let files = try paths.compactMap { path -> File? in
            guard path.description != Self.fileName else { return nil }
            let place = path.path(in: folder)
            guard (try? FileStatus(at: place))?.kind == .file else { return nil }
            let size = try FileStatus(at: place).size
            let sha256 = try FileDigests(of: place).sha256
            return File(path: path.description, bytes: size, sha256: sha256)
        }
        self.init(sources: sources, files: files)
    }

    /// Reads the manifest of a folder; nil where it has none.
    ///
    /// - Throws: `HubError` where it cannot be read or is damaged.
    public init?(in folder: FilePath) throws {
        let path = folder.appending(Self.fileName)
        do {
            let bytes = try BoundedFile.contents(at: path, limit: Self.maximumByteCount)
            self = try JSONDecoder().decode(SourceManifest.self, from: Data(bytes))
        } catch Errno.noSuchFileOrDirectory {
            return nil
        } catch {
            throw HubError(path, "is no list of a model's files", cause: error)
        }
        let isSound =
            format == Self.currentFormat
            && files.allSatisfy { RepositoryPath($0.path) != nil && $0.bytes >= 0 }
        guard isSound else { throw HubError(path, "is no list of a model's files") }
    }

    /// Writes it into a folder and waits for the disk.
    ///
    /// - Throws: `HubError`.
    public func write(into folder: FilePath) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        let data = try encoder.encode(self) + Data("\n".utf8)
        let path = folder.appending(Self.fileName)
        let new = folder.appending(".\(Self.fileName).new")
        do {
            let file = try OpenFile(writing: new)
            try file.resize(0)
            try file.write(Array(data), at: 0)
            try file.synchronize()
            try PartialFolder.rename(new, path)
        } catch {
            throw StorageFailure.error(path, error)
        }
    }
}
