import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import ModelHub

@Suite struct ContentDigestTests {
    private static let sha256 = String(repeating: "0f", count: 32)

    @Test func entityTagsAreUnwrapped() {
        #expect(ContentDigest(entityTag: "\"\(Self.sha256)\"") == .sha256(Self.sha256))
        #expect(ContentDigest(entityTag: "W/\"\(Self.sha256)\"") == .sha256(Self.sha256))
        #expect(
            ContentDigest(entityTag: "\"\(Self.sha256.prefix(40))\"")
                == .gitBlob(String(Self.sha256.prefix(40))))
    }

    @Test(arguments: [
        "", "\"", "\"\"", "abc", "\"abc\"", "\"\(String(repeating: "G", count: 64))\"",
    ])
    func otherTagsAreNoDigest(tag: String) {
        #expect(ContentDigest(entityTag: tag) == nil)
    }

    /// Expected values: `sha256sum` and `git hash-object` of a file with `hello` and a line feed.
    @Test func digestsAreThoseOfSha256sumAndGit() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path.appending("hello")
        try Data("hello\n".utf8).write(to: URL(fileURLWithPath: path.string))
        let blob = ContentDigest.gitBlob("ce013625030ba8dba906f756967f9e9ca394464a")
        let digests = try FileDigests(of: path, for: blob)
        #expect(digests.matches(blob))
        let sha256 = "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03"
        #expect(digests.sha256 == sha256 && digests.matches(.sha256(sha256)))
        #expect(try FileDigests(of: path).gitBlob == nil)
    }
}
