import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import ModelHub

@Suite struct ModelStoreRemovalTests {
    private let directory: TemporaryDirectory
    private let store: ModelStore

    init() throws {
        directory = try TemporaryDirectory()
        store = ModelStore(directory.path.appending("models"))
        for name in ["a/sub", "a.partial/contents", "b"] {
            try FileManager.default.createDirectory(
                atPath: store.folder.appending(name).string, withIntermediateDirectories: true)
        }
        try Data(count: 5000).write(
            to: URL(fileURLWithPath: store.folder.appending("a/sub/file").string))
    }

    @Test func modelAndItsPartialDownloadGoAndOthersStay() throws {
        #expect(try store.remove("a") == 5000)
        #expect(try store.entries().map(\.name) == ["b"])
        #expect(try DirectoryNames.read(store.folder) == ["b"])
    }

    @Test func linkIsRemovedAndNotFollowed() throws {
        let outside = directory.path.appending("outside")
        try Data("keep".utf8).write(to: URL(fileURLWithPath: outside.string))
        try FileManager.default.createSymbolicLink(
            atPath: store.folder.appending("a/link").string, withDestinationPath: outside.string)
        try FileManager.default.createSymbolicLink(
            atPath: store.folder.appending("a/up").string, withDestinationPath: "../..")
        _ = try store.remove("a")
        #expect(FileManager.default.fileExists(atPath: outside.string))
        #expect(FileManager.default.fileExists(atPath: store.folder.appending("b").string))
    }

    @Test(arguments: ["", ".", "..", "../models", "/", "absent", "a/sub", "a.partial"])
    func whatIsNoModelOfTheFolderIsRefused(name: String) throws {
        #expect(throws: HubError.self) { try store.remove(name) }
        #expect(try store.entries().map(\.name) == ["a", "b"])
    }

    @Test func downloadInProgressIsNotTakenAway() throws {
        let lock = try PartialFolder.lock(store.folder.appending("a.partial"))
        defer { try? lock.close() }
        let error = #expect(throws: HubError.self) { try store.remove("a") }
        #expect(error?.description.contains("another process") == true)
        #expect(store.entry("a")?.model != nil)
    }
}
