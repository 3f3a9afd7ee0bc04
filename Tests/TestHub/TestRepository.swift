import Digests
public import Foundation

/// A repository that a `TestHub` serves.
public struct TestRepository: Sendable {
    /// `OWNER/NAME`.
    public let name: String
    /// The commit that every revision names.
    public var commit: String
    /// The files by their path.
    public var files: [String: Data]

    /// Describes a repository.
    public init(
        _ name: String, commit: String = String(repeating: "1", count: 40), files: [String: Data]
    ) {
        (self.name, self.commit, self.files) = (name, commit, files)
    }

    /// Weights lie on a storage host of their own, as on the real hub; small files do not.
    static func isStored(_ path: String) -> Bool {
        path.hasSuffix(".safetensors") || path.hasSuffix(".bin")
    }

    /// The digest that the hub states: SHA-256 for stored files, git's for others.
    public static func digest(of data: Data, at path: String) -> String {
        if isStored(path) { return MessageDigest.hash(data).hexadecimal }
        var sha1 = MessageDigest(.sha1)
        sha1.update(Data("blob \(data.count)\0".utf8))
        sha1.update(data)
        return sha1.finalize().hexadecimal
    }

    /// The hub's list of files.
    public func listing() -> Data {
        let siblings: [[String: Any]] = files.sorted { $0.key < $1.key }.map { path, data in
            var entry: [String: Any] = [
                "rfilename": path, "size": data.count,
                "blobId": Self.isStored(path)
                    ? String(repeating: "a", count: 40) : Self.digest(of: data, at: path),
            ]
            if Self.isStored(path) {
                entry["lfs"] = [
                    "sha256": Self.digest(of: data, at: path), "size": data.count,
                    "pointerSize": 134,
                ]
            }
            return entry
        }
        let object: [String: Any] = ["id": name, "sha": commit, "siblings": siblings]
        return (try? JSONSerialization.data(withJSONObject: object)) ?? Data()
    }
}
