import Glibc
import MediaDecoding
import SystemPackage
import TestSupport
import Testing

/// Which files the parent opens for the child.
@Suite struct MediaOpeningTests {
    private let folder: TemporaryDirectory
    private let decoder: Decoder

    init() throws {
        folder = try TemporaryDirectory()
        decoder = try Fixture.decoder()
        mkdir(folder.path.appending("below").string, 0o700)
        try Fixture.write(try Fixture.bytes("rgb.png"), to: folder.path.appending("below/a.png"))
    }

    @Test func opensAFileBelowItsRoot() throws {
        let path = folder.path.appending("below/a.png")
        #expect(try decoder.probe(path, beneath: folder.path).format == "png")
    }

    @Test func followsALinkThatAPersonNames() throws {
        let link = folder.path.appending("link.png")
        symlink("below/a.png", link.string)
        #expect(try decoder.probe(link).format == "png")
    }

    @Test(arguments: ["link.png", "folder/a.png"])
    func followsNoLinkBelowARoot(_ name: String) throws {
        symlink("below/a.png", folder.path.appending("link.png").string)
        symlink("below", folder.path.appending("folder").string)
        let path = folder.path.appending(name)
        #expect(throws: DecodingError.self) { try decoder.probe(path, beneath: folder.path) }
    }

    @Test func opensNothingOutsideTheRoot() throws {
        let root = folder.path.appending("below")
        mkdir(folder.path.appending("beside").string, 0o700)
        let path = folder.path.appending("beside/b.png")
        try Fixture.write(try Fixture.bytes("rgb.png"), to: path)
        #expect(throws: DecodingError.unreadable(path, Errno(rawValue: EXDEV))) {
            try decoder.probe(path, beneath: root)
        }
    }

    @Test func followsALinkThatIsTheRootItself() throws {
        let root = folder.path.appending("linked")
        symlink("below", root.string)
        #expect(try decoder.probe(root.appending("a.png"), beneath: root).format == "png")
    }
}
