import FileSystem
import SystemPackage
import Testing

@testable import FolderWatching

@Suite struct NameRulesTests {
    private let rules = NameRules(WatchOptions())

    @Test(arguments: [
        ("a.jpg", NameClass.still), ("A.JPEG", .still), ("x.y.HeIc", .still), ("a.mp4", .video),
        ("a.qt", .video), ("a.txt", .other), ("a.jpg.xmp", .sidecar), ("A.XMP", .sidecar),
        ("jpg", .other), ("a.", .other),
        ("a.jpg.part", .ignored),
        ("a.TMP", .ignored), ("a.jpg~", .ignored), ("a.crdownload", .ignored), (".a.jpg", .ignored),
        (".jpg", .ignored), ("@eaDir", .ignored), ("#recycle", .ignored), (".nomedia", .control),
        (".noimage", .control), (".novideo", .control), (".vignetteignore", .control),
        (".nomedia2", .ignored), ("a.averyverylongextension", .other),
    ])
    func classifies(name: String, expected: NameClass) throws {
        let component = try #require(FilePath.Component(name))
        #expect(rules.classify(component) == expected)
    }

    @Test func bytesThatAreNoTextDoNoHarm() throws {
        let name = try #require(FilePath.Component(bytes: [0xFF, 0xC3] + Array(".jpg".utf8)))
        #expect(rules.classify(name) == .still)
        let suffix = try #require(FilePath.Component(bytes: [0x61, 0x2E, 0xFF]))
        #expect(rules.classify(suffix) == .other)
    }
}
