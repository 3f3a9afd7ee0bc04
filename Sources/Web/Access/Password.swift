import Digests
import FileSystem
import Foundation
import SystemPackage

/// The password of the page, of which a hash is kept (scrypt, RFC 7914).
public struct Password: Sendable {
    /// The fewest characters.
    public static let shortest = 10
    /// The most bytes.
    static let longest = 1024

    private let folder: PageFolder

    /// The password of a page.
    public init(_ folder: PageFolder) { self.folder = folder }

    /// Whether one is set.
    public var isSet: Bool { stored != nil }

    /// Sets it, and ends all sessions that there are.
    ///
    /// - Throws: `Errno`.
    public func set(_ password: String) throws {
        try folder.make()
        let salt = Array(Secret.random().utf8.prefix(32))
        let hash = Scrypt.hash(Array(password.utf8), salt: salt)
        let text = "scrypt \(String(decoding: salt, as: UTF8.self)) \(hash.hexadecimal)\n"
        let new = folder.path.appending("password.new")
        let file = try FileDescriptor.open(
            new, .writeOnly, options: [.create, .truncate, .closeOnExec, .noFollow],
            permissions: .ownerReadWrite)
        try file.closeAfter { _ = try file.writeAll(text.utf8) }
        guard rename(new.string, folder.password.string) == 0 else { throw Errno(rawValue: errno) }
        try SessionStore(folder).endAll()
    }

    /// Whether this is the password, which takes a tenth of a second and 32 MiB to find out.
    func isRight(_ password: String) -> Bool {
        guard let stored, password.utf8.count <= Self.longest else { return false }
        let hash = Scrypt.hash(Array(password.utf8), salt: stored.salt)
        // Every byte is looked at, so that the time tells nothing.
        return zip(hash, stored.hash).reduce(hash.count == stored.hash.count ? 0 : 1) {
            $0 | Int($1.0 ^ $1.1)
        } == 0
    }

    private var stored: (salt: [UInt8], hash: [UInt8])? {
        guard let bytes = try? BoundedFile.contents(at: folder.password, limit: 1024) else {
            return nil
        }
        let words = String(decoding: bytes, as: UTF8.self).split { $0 == " " || $0 == "\n" }
        guard words.count == 3, words[0] == "scrypt", let hash = [UInt8](hexadecimal: words[2])
        else {
            return nil
        }
        return (Array(words[1].utf8), hash)
    }
}
