import JSONScanning

/// A file of a repository as the hub lists it.
struct RemoteFile: Equatable, Sendable {
    let path: RepositoryPath
    /// Bytes, where the list tells.
    let size: Int64?
    /// Where the list tells.
    let digest: ContentDigest?
}

/// The files of a repository at one commit.
struct RepositoryListing: Sendable {
    let commit: CommitName
    let files: [RepositoryPath: RemoteFile]

    /// The hub's answer is refused beyond this.
    static let maximumByteCount = 16 << 20
    private static let maximumFileCount = 50_000
    /// A file is refused beyond this: 64 times the largest that the hub stores in one piece.
    static let maximumFileSize: Int64 = 1 << 42

    /// Reads the answer to `/api/models/OWNER/NAME/revision/REVISION?blobs=true`.
    ///
    /// - Parameters:
    ///   - json: The answer.
    ///   - subject: What was asked, for messages.
    /// - Throws: `HubError` where it is no such answer, or lists a name that leads out of the folder.
    init(_ json: [UInt8], subject: some CustomStringConvertible) throws {
        let value: JSONValue
        do {
            value = try json.withUnsafeBytes { bytes in
                var scanner = JSONScanner(bytes)
                let value = try scanner.value()
                try scanner.expectEnd()
                return value
            }
        } catch {
            throw HubError(
                subject, "did not answer with a list of files", advice: "Check HF_ENDPOINT.",
                cause: error)
        }
        guard let commit = value["sha"]?.string.flatMap(CommitName.init),
            let siblings = value["siblings"]?.array, siblings.count <= Self.maximumFileCount
        else {
            throw HubError(
                subject, "did not answer with a commit and its files", advice: "Check HF_ENDPOINT.")
        }
        self.commit = commit
        var files: [RepositoryPath: RemoteFile] = [:]
        for sibling in siblings {
            let file = try Self.file(sibling, subject: subject)
            guard files.updateValue(file, forKey: file.path) == nil else {
                throw HubError(subject, "lists the file '\(file.path)' twice")
            }
        }
        self.files = files
    }

    private static func file(
        _ value: JSONValue, subject: some CustomStringConvertible
    ) throws -> RemoteFile {
        guard let name = value["rfilename"]?.string, let path = RepositoryPath(name) else {
            let shown = HubError.printable(value["rfilename"]?.string ?? "")
            throw HubError(
                subject, "lists a file by the name '\(shown)', which could lead out of its folder",
                advice: "Do not use this repository.")
        }
        let (lfs, plain) = (value["lfs"], value["blobId"]?.string)
        let size = try [lfs?["size"], value["size"]].compactMap { $0 }.first.flatMap {
            value -> Int64? in
            guard value != .null else { return nil }
            guard let size = value.integer, (0...maximumFileSize).contains(Int64(size)) else {
                throw HubError(subject, "gives '\(path)' an absurd size")
            }
            return Int64(size)
        }
        let digits = lfs?["sha256"]?.string ?? (lfs == nil || lfs == .null ? plain : nil)
        return RemoteFile(path: path, size: size, digest: digits.flatMap { ContentDigest($0) })
    }
}
