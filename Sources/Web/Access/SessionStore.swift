import Digests
import Foundation
import SystemPackage

/// Whom the page has let in: a file each, named by the digest of a secret, so that a restart signs nobody out, and
/// whoever removes the file does.
struct SessionStore: Sendable {
    /// For how long somebody stays signed in.
    static let days = 30
    /// The most that are at a time; the oldest goes.
    static let bound = 64

    private let folder: FilePath
    /// The name of the cookie, which differs from library to library: cookies do not tell ports apart.
    let cookieName: String

    /// The sessions of a page.
    ///
    /// - Throws: `Errno` where its folder cannot be made.
    init(_ page: PageFolder) throws {
        try page.make()
        folder = page.sessions
        let digest = MessageDigest.hash(Array(page.path.string.utf8)).hexadecimal
        cookieName = "vignette-\(digest.prefix(8))"
    }

    /// Whether a session counts.
    func contains(_ digest: String, at now: Date = Date()) -> Bool {
        PageFolder.madeAt(folder.appending(digest)).map { Self.isAlive($0, now) } ?? false
    }

    /// Begins a session.
    ///
    /// - Throws: `Errno`.
    func begin(at now: Date = Date()) throws -> Session {
        let known = PageFolder.files(in: folder).sorted { $0.madeAt > $1.madeAt }
        for (place, file) in known.enumerated()
        where place >= Self.bound - 1 || !Self.isAlive(file.madeAt, now) {
            PageFolder.removeFile(file.name, from: folder)
        }
        let session = Session()
        try PageFolder.addFile(session.digest, to: folder)
        return session
    }

    /// Ends a session.
    func end(_ session: Session) { PageFolder.removeFile(session.digest, from: folder) }

    /// Ends all.
    func endAll() {
        for file in PageFolder.files(in: folder) { PageFolder.removeFile(file.name, from: folder) }
    }

    private static func isAlive(_ began: Double, _ now: Date) -> Bool {
        abs(now.timeIntervalSince1970 - began) < Double(days) * 86400
    }
}
