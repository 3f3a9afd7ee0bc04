import Testing

@testable import ModelHub

@Suite struct RepositoryNameTests {
    @Test func ownerNameAndRevisionAreRead() throws {
        let plain = try #require(RepositoryName("ICTNLP/llava-mini-llama-3.1-8b"))
        #expect(plain == .released)
        #expect(plain.revision == "main" && plain.description == plain.repository)
        let pinned = try #require(RepositoryName("a/b@refs/pr/2"))
        #expect(pinned.revision == "refs/pr/2" && pinned.description == "a/b@refs/pr/2")
    }

    @Test(arguments: [
        "", "a", "a/", "/b", "a/b/c", "a/b@", "../b", "a/..", "a/b@../x", "a b/c", "a/b@x y",
        "a/b--c", "a/b@x\n", ".a/b", "-a/b", "a/nul", "a/\(String(repeating: "x", count: 97))",
        "ä/b",
    ]) func anythingElseIsRefused(text: String) {
        #expect(RepositoryName(text) == nil)
    }
}
