import Digests
import Foundation
import SystemPackage

/// Tokens that each let one browser in, once: whoever may write into the page's folder makes them, without asking the
/// server, which may not even run yet.
public struct OneTimeTokens: Sendable {
    /// Seconds for which a token is good.
    static let lifetime = 300.0

    private let folder: PageFolder

    /// The tokens of a page.
    public init(_ folder: PageFolder) { self.folder = folder }

    /// Makes a token.
    ///
    /// - Returns: 64 hexadecimal digits.
    /// - Throws: `Errno`.
    public func make() throws -> String {
        try folder.make()
        let token = Secret.random()
        try PageFolder.addFile(Self.name(of: token), to: folder.tokens)
        return token
    }

    /// Takes a token.
    ///
    /// - Returns: Whether it was good; it is not any more.
    func take(_ token: String, at now: Date = Date()) -> Bool {
        guard token.utf8.count == Secret.length else { return false }
        removeOld(at: now)
        // Removing is what makes it count once: of two who come at the same time one finds it gone.
        return PageFolder.removeFile(Self.name(of: token), from: folder.tokens)
    }

    private func removeOld(at now: Date) {
        for file in PageFolder.files(in: folder.tokens)
        where abs(now.timeIntervalSince1970 - file.madeAt) > Self.lifetime {
            PageFolder.removeFile(file.name, from: folder.tokens)
        }
    }

    private static func name(of token: String) -> String {
        MessageDigest.hash(Array("token \(token)".utf8)).hexadecimal
    }
}
