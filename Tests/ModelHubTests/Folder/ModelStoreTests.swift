import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import ModelHub

@Suite struct ModelStoreTests {
    private let directory: TemporaryDirectory
    private let store: ModelStore

    init() throws {
        directory = try TemporaryDirectory()
        store = ModelStore(directory.path.appending("models"))
    }

    private func make(_ names: String...) throws {
        for name in names {
            try FileManager.default.createDirectory(
                atPath: store.folder.appending(name).string, withIntermediateDirectories: true)
        }
    }

    @Test func folderThatDoesNotExistHoldsNothing() throws {
        #expect(try store.entries().isEmpty)
    }

    @Test func modelAndItsPartialDownloadAreOneEntry() throws {
        try make("b", "a.partial", "b.partial", ".hidden")
        try Data().write(to: URL(fileURLWithPath: store.folder.appending("file").string))
        let entries = try store.entries()
        #expect(entries.map(\.name) == ["a", "b"])
        #expect(entries.map { $0.model != nil } == [false, true])
        #expect(entries.map { $0.partial != nil } == [true, true])
    }

    @Test func linkThatLeadsOutIsNoModel() throws {
        try make("a")
        try FileManager.default.createSymbolicLink(
            atPath: store.folder.appending("link").string, withDestinationPath: "/")
        #expect(store.entry("link") == nil)
        #expect(try store.entries().map(\.name) == ["a"])
    }

    @Test(arguments: ["", ".", "..", "../a", "/a", "a/b", ".hidden", "a.partial"])
    func whatIsNoNameNamesNothing(name: String) throws {
        try make("a", "a.partial")
        #expect(store.entry(name) == nil)
    }
}
