import Digests
import Foundation
import LLaVAMini
public import SystemPackage

extension ModelIdentity {
    /// What tells the embeddings of one model from those of another: twelve hexadecimal digits that
    /// change with everything that embeddings of pictures or of texts depend on.
    ///
    /// A packed model may get later what embeddings take; its own version leaves that out.
    ///
    /// - Parameter folder: The model's folder.
    /// - Returns: the digits.
    /// - Throws: Errors of reading the folder.
    public static func embeddingVersion(of folder: FilePath) throws -> String {
        try ModelIdentity(folder: folder).embeddingVersion(in: folder)
    }

    /// As the other, for whoever knows the model's identity, which reads all of its files.
    ///
    /// - Parameter folder: The folder of this model.
    /// - Returns: the digits.
    /// - Throws: Errors of reading the folder.
    public func embeddingVersion(in folder: FilePath) throws -> String {
        var hash = MessageDigest()
        hash.update(Data(version.utf8))
        let files = (try? ModelConfiguration(folder: folder).filesWithoutEffect) ?? []
        for name in files.sorted() {
            let path = folder.pushing(FilePath(name))
            guard FileManager.default.fileExists(atPath: path.string) else { continue }
            hash.update(Data(name.utf8))
            try Self.add(path, to: &hash)
        }
        return hash.finalize().prefix(6).hexadecimal
    }

    /// As `embeddingVersion`; `nil` where the model makes no embeddings of pictures, or none that can be used.
    ///
    /// - Parameter folder: The model's folder.
    /// - Returns: the digits.
    /// - Throws: Errors of reading the folder.
    public static func versionOfEmbeddings(in folder: FilePath) throws -> String? {
        // What is wrong with a model is said where it is loaded.
        guard (try? EmbeddingSupport(folder: folder))?.pictures == .usable else { return nil }
        return try embeddingVersion(of: folder)
    }
}
