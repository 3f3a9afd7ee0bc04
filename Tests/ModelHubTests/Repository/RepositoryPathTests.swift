import SystemPackage
import Testing

@testable import ModelHub

@Suite struct RepositoryPathTests {
    @Test(arguments: [
        "config.json", "vision_tower/config.json", "model-00001-of-00004.safetensors", "a/b/c/d",
        ".gitattributes", "naïve.json", "a b", "..a", "a..b",
    ]) func plainNamesAreTaken(name: String) throws {
        let path = try #require(RepositoryPath(name))
        #expect(path.path(in: "/models/x") == FilePath("/models/x/\(name)"))
    }

    @Test(arguments: [
        "", "..", ".", "../x", "a/../../x", "a/..", "/etc/passwd", "a//b", "a/", "a\\b", "..\\x",
        "C:x", "a\u{0}b", "a\nb", "a\u{1B}[2Jb", "a\u{202E}b", "NUL", "aux.json", "com1.txt",
        "trailing.", "trailing ", "a/\(String(repeating: "x", count: 256))",
        String(repeating: "a/", count: 16) + "b", String(repeating: "x/", count: 600) + "x",
        "a|b", "a*b", "\u{7F}",
    ]) func namesThatAreNoPlainPathAreRefused(name: String) {
        #expect(RepositoryPath(name) == nil)
    }
}
