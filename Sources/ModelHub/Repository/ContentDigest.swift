import Digests
import SystemPackage

/// What the hub says of a file's bytes.
enum ContentDigest: Hashable, Sendable, CustomStringConvertible {
    /// SHA-256 of the bytes, for files that it keeps outside git.
    case sha256(String)
    /// SHA-1 of git's blob: of `blob SIZE`, a zero byte and the bytes.
    case gitBlob(String)

    /// Reads 64 or 40 hexadecimal digits.
    init?(_ text: some StringProtocol) {
        guard text.utf8.allSatisfy(\.isLowercaseHexadecimal) else { return nil }
        switch text.utf8.count {
        case 64: self = .sha256(String(text))
        case 40: self = .gitBlob(String(text))
        default: return nil
        }
    }

    /// Reads an entity tag, `"…"` or `W/"…"`.
    init?(entityTag: String) {
        var text = entityTag[...]
        if text.hasPrefix("W/") { text = text.dropFirst(2) }
        guard text.count >= 2, text.first == "\"", text.last == "\"" else { return nil }
        self.init(text.dropFirst().dropLast())
    }

    /// The digits.
    var description: String {
        switch self {
        case .sha256(let digits), .gitBlob(let digits): digits
        }
    }
}

/// The digests of a file that was read to its end.
struct FileDigests: Equatable, Sendable {
    let sha256: String
    /// Only where it was asked for.
    let gitBlob: String?

    private static let chunk = 1 << 20

    /// Reads a file to its end.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - digest: What it will be held against: decides which digests are computed.
    ///   - stop: Ends the reading.
    ///   - progress: Is told of each piece that was read, in bytes.
    /// - Throws: `HubError` naming the file, `CancellationError`.
    init(
        of path: FilePath, for digest: ContentDigest? = nil, stop: StopSignal = StopSignal(),
        progress: (Int) -> Void = { _ in }
    ) throws {
        var wantsGitBlob = false
        if case .gitBlob = digest { wantsGitBlob = true }
        do {
            try self.init(
                OpenFile(reading: path), gitBlob: wantsGitBlob, stop: stop, progress: progress)
        } catch let error as Errno {
            throw StorageFailure.error(path, error)
        }
    }

    private init(
        _ file: OpenFile, gitBlob wantsGitBlob: Bool, stop: StopSignal, progress: (Int) -> Void
    ) throws {
        var sha256 = MessageDigest()
        // Git's own choice; against accidents and against the hub's own statement it serves.
        var sha1 = MessageDigest(.sha1)
        if wantsGitBlob { sha1.update(Array("blob \(file.size)\0".utf8)) }
        var offset: Int64 = 0
        while true {
            try stop.check()
            let bytes = try file.read(at: offset, count: Self.chunk)
            guard !bytes.isEmpty else { break }
            sha256.update(bytes)
            if wantsGitBlob { sha1.update(bytes) }
            offset += Int64(bytes.count)
            progress(bytes.count)
        }
        self.sha256 = sha256.finalize().hexadecimal
        gitBlob = wantsGitBlob ? sha1.finalize().hexadecimal : nil
    }

    /// Whether these are the bytes that the hub means.
    func matches(_ digest: ContentDigest) -> Bool {
        switch digest {
        case .sha256(let digits): digits == sha256
        case .gitBlob(let digits): digits == gitBlob
        }
    }
}
