import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import FolderWatching

@Suite struct GitignorePatternTests {
    /// Pattern, path, whether a directory stands there, whether it matches.
    static let table: [(String, String, Bool, Bool)] = [
        ("a.jpg", "a.jpg", false, true),
        ("a.jpg", "x/y/a.jpg", false, true),
        ("/a.jpg", "x/a.jpg", false, false),
        ("/a.jpg", "a.jpg", false, true),
        ("x/a.jpg", "x/a.jpg", false, true),
        ("x/a.jpg", "y/x/a.jpg", false, false),
        ("raw/", "raw", true, true),
        ("raw/", "raw", false, false),
        ("raw/", "x/raw", true, true),
        ("*.jpg", "x/.jpg", false, true),
        ("*.jpg", "x/a.jpg.png", false, false),
        ("/*", "a", false, true),
        ("/*", "a/b", false, false),
        ("a/*", "a/b", true, true),
        ("a/*", "a/b/c", false, false),
        ("a/**", "a", true, false),
        ("a/**", "a/b/c", false, true),
        ("**/b", "b", false, true),
        ("**/b", "a/c/b", false, true),
        ("**/b", "ab", false, false),
        ("a/**/b", "a/b", false, true),
        ("a/**/b", "a/x/y/b", false, true),
        ("a/**/b", "a/xb", false, false),
        ("a**b", "axxb", false, true),
        ("x/a**b", "x/a/b", false, false),
        ("x/a**", "x/ab/c", false, true),
        ("x/?**", "x/ab/c", false, false),
        ("?.jpg", "ab.jpg", false, false),
        ("[a-c].jpg", "b.jpg", false, true),
        ("[!a-c].jpg", "b.jpg", false, false),
        ("[^a-c].jpg", "d.jpg", false, true),
        ("[]-].jpg", "].jpg", false, true),
        ("[[:digit:]x].jpg", "7.jpg", false, true),
        ("[[:nonsense:]].jpg", "7.jpg", false, false),
        ("[abc.jpg", "[abc.jpg", false, false),
        ("x[!a]y/z", "x/y/z", false, false),
        (#"\*.jpg"#, "*.jpg", false, true),
        (#"\*.jpg"#, "a.jpg", false, false),
        (#"\!a"#, "!a", false, true),
        ("\\#a", "#a", false, true),
        (#"a\ "#, "a ", false, true),
        ("a   ", "a", false, true),
        ("trailing\\", "trailing", false, false),
    ]

    @Test(arguments: table)
    func matchesAsDocumented(pattern: String, path: String, isDirectory: Bool, expected: Bool) {
        let parsed = GitignorePattern(line: pattern.utf8)
        #expect(parsed?.matches(Array(path.utf8)[...], isDirectory: isDirectory) == expected)
    }

    @Test(arguments: ["", "   ", "# comment", "/", "!", "!/"])
    func linesWithoutAPatternAreSkipped(line: String) {
        #expect(GitignorePattern(line: line.utf8) == nil)
    }

    @Test func manyStarsTakeNoExponentialTime() {
        let pattern = GitignorePattern(line: (String(repeating: "a*", count: 200) + "b").utf8)
        let path = [UInt8](repeating: UInt8(ascii: "a"), count: 4000)
        #expect(pattern?.matches(path[...], isDirectory: false) == false)
    }

    @Test func bytesThatAreNoTextMatchThemselves() {
        let pattern = GitignorePattern(line: [0xFF, UInt8(ascii: "*")])
        #expect(pattern?.matches([0xFF, 0x80, 0x81][...], isDirectory: false) == true)
        #expect(pattern?.matches([0xFE, 0x80][...], isDirectory: false) == false)
    }

    /// Random pattern files and paths, decided by git itself.
    @Test(arguments: [1, 2, 3] as [UInt64])
    func agreesWithGit(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let folder = try TemporaryDirectory()
        try shell("git init -q", in: folder.path)
        for _ in 0..<40 {
            let lines = (0..<Int.random(in: 1...4, using: &generator)).map { _ in
                Self.randomPattern(&generator)
            }
            try Data(lines.joined(separator: "\n").utf8)
                .write(to: URL(filePath: folder.path.appending(".gitignore").string))
            let paths = Set((0..<60).map { _ in Self.randomPath(&generator) }).sorted()
            let ignored = try Self.ignoredByGit(paths, in: folder.path)
            let rules = IgnoreRules(
                parent: nil, directory: FilePath(),
                patterns: IgnoreRules.parse(Array(lines.joined(separator: "\n").utf8)),
                excludedKinds: [], excludesEverything: false)
            for path in paths {
                let isIgnored = Self.isIgnored(path, rules)
                #expect(isIgnored == ignored.contains(path), "\(lines) on \(path)")
            }
        }
    }

    /// Walks down to a path, as a scan does: what lies in an ignored directory is never looked at.
    private static func isIgnored(_ path: String, _ rules: IgnoreRules) -> Bool {
        let bytes = Array(path.utf8)
        for (index, byte) in bytes.enumerated() where byte == UInt8(ascii: "/") {
            if rules.ignores(Array(bytes[..<index]), isDirectory: true) { return true }
        }
        return rules.ignores(bytes, isDirectory: false)
    }

    private static func randomPattern(_ generator: inout SeededGenerator) -> String {
        let parts = [
            "a", "b", "c", "a", "b", "/", "/", "*", "**", "?", "[ab]", "[!a]", "[a-b", #"\a"#,
            #"\*"#,
            "[^b/]", "**/", "/**", "[[:alpha:]]", " ",
        ]
        var pattern = Bool.random(using: &generator) ? "" : "!"
        if Int.random(in: 0..<3, using: &generator) > 0 { pattern = "" }
        for _ in 0..<Int.random(in: 1...5, using: &generator) {
            pattern += parts.randomElement(using: &generator) ?? "a"
        }
        return pattern
    }

    private static func randomPath(_ generator: inout SeededGenerator) -> String {
        let names = ["a", "b", "c", "ab", "ba", "abc", "*", "[a-b", "cab"]
        let depth = Int.random(in: 1...4, using: &generator)
        return (0..<depth).map { _ in names.randomElement(using: &generator) ?? "a" }
            .joined(separator: "/")
    }

    private static func ignoredByGit(
        _ paths: [String], in folder: FilePath
    ) throws -> Set<String> {
        let result = try shell(
            """
            printf '%s\\0' "$@" |
            git -c core.excludesFile=/dev/null check-ignore --no-index -z --stdin
            """, paths.map { ProgramArgument($0) }, in: folder)
        return Set(result.output.split(separator: 0).map { String(decoding: $0, as: UTF8.self) })
    }
}
