import CLinux
import Catalogue
import FileSystem
import Foundation
import MediaDecoding
import SystemPackage
import TestSupport
import Testing
import WorkQueue

@testable import Sidecars

/// A model's tags that other programs take out of sidecars, or put back.
@Suite struct SidecarTagTests {
    private func tags(_ library: SidecarLibrary) throws -> [String] {
        try library.catalogue.show(library.folder.appending("a.jpg"))?.asset?.tags ?? []
    }

    private func library() throws -> SidecarLibrary {
        let library = try SidecarLibrary()
        try library.add("a.jpg", tags: ["boat", "sea"])
        try library.sync()
        return library
    }

    @Test(arguments: [false, true])
    func aTagThatWasTakenOutElsewhereStaysRemoved(_ isReadFirst: Bool) throws {
        let library = try library()
        try library.editElsewhere(SidecarEdit(removedTags: [["boat"]]), "a.jpg.xmp")
        if isReadFirst { try library.read("a.jpg.xmp") }
        try library.sync()
        #expect(try tags(library) == ["sea"])
        try library.describe("a.jpg", caption: "a boat", tags: ["boat", "gull"], version: "2")
        #expect(Set(try tags(library)) == ["gull"])
        for _ in 0..<3 { try library.sync() }
        #expect(Set(try library.facts("a.jpg.xmp").texts.keywords) == ["gull"])
        let asset = try #require(
            try library.catalogue.show(library.folder.appending("a.jpg"))?.asset?.id)
        #expect(try library.catalogue.edits(of: asset).map(\.author.origin) == [.sidecar])
    }

    @Test func aTagThatIsPutBackElsewhereIsBack() throws {
        let library = try library()
        try library.editElsewhere(SidecarEdit(removedTags: [["boat"]]), "a.jpg.xmp")
        try library.read("a.jpg.xmp")
        try library.sync()
        #expect(try tags(library) == ["sea"])
        try library.editElsewhere(SidecarEdit(addedTags: [["boat"]]), "a.jpg.xmp")
        try library.read("a.jpg.xmp")
        #expect(Set(try tags(library)) == ["boat", "sea"])
        try library.sync()
        #expect(Set(try library.facts("a.jpg.xmp").texts.keywords) == ["boat", "sea"])
    }

    @Test func aTagThatWasNeverWrittenThereIsNotRemoved() throws {
        let library = try SidecarLibrary()
        try library.add("a.jpg", tags: ["boat", "sea"])
        // Another program's sidecar without these tags, read before anything was written there.
        try library.write(
            """
            <x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF \
            xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" \
            xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:subject><rdf:Bag><rdf:li>holiday</rdf:li></rdf:Bag>\
            </dc:subject></rdf:Description></rdf:RDF></x:xmpmeta>
            """, to: "a.jpg.xmp")
        try library.read("a.jpg.xmp")
        #expect(Set(try tags(library)) == ["boat", "sea", "holiday"])
        // What was another program's, and is gone, is nobody's removal.
        try library.sync()
        try library.editElsewhere(SidecarEdit(removedTags: [["holiday"]]), "a.jpg.xmp")
        try library.read("a.jpg.xmp")
        #expect(Set(try tags(library)) == ["boat", "sea"])
    }

    @Test func aSidecarThatLostWhatWasNotedInItTellsNothing() throws {
        let library = try library()
        try library.write(
            """
            <x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF \
            xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""/>\
            </rdf:RDF></x:xmpmeta>
            """, to: "a.jpg.xmp")
        try library.read("a.jpg.xmp")
        #expect(Set(try tags(library)) == ["boat", "sea"])
    }

    @Test func aPersonsRemovalHereIsNotTakenBackBySomebodyElsewhere() throws {
        let library = try library()
        let asset = try #require(
            try library.catalogue.show(library.folder.appending("a.jpg"))?.asset?.id)
        try library.catalogue.edit(
            [asset], TextEdit(taken: ["boat"]), by: EditAuthor(.terminal, name: "anna"))
        try library.sync()
        try library.editElsewhere(SidecarEdit(addedTags: [["boat"]]), "a.jpg.xmp")
        try library.read("a.jpg.xmp")
        #expect(try tags(library) == ["sea"])
    }

    @Test func attributesAndAccessListsAreKept() throws {
        let library = try library()
        let path = library.folder.appending("a.jpg.xmp").string
        let value = Array("kept".utf8)
        try #require(setxattr(path, "user.test", value, value.count, 0) == 0)
        // An access list in the kernel's form (version 2): owner, a named user, group, mask, others.
        func entry(_ tag: UInt16, _ permissions: UInt16, _ id: UInt32 = .max) -> [UInt8] {
            [tag, permissions].flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
                + (0..<4).map { UInt8(id >> (8 * UInt32($0)) & 255) }
        }
        let list: [UInt8] =
            [2, 0, 0, 0] + entry(1, 6) + entry(2, 4, 12_345) + entry(4, 4) + entry(16, 4)
            + entry(32, 0)
        let hasLists = setxattr(path, "system.posix_acl_access", list, list.count, 0) == 0
        try library.describe("a.jpg", caption: "two boats", tags: ["ship"], version: "2")
        #expect(try library.sync().map(\.outcome) == [.written(isNew: false)])
        func kept(_ name: String) -> [UInt8] {
            var bytes = [UInt8](repeating: 0, count: 1024)
            let count = getxattr(path, name, &bytes, bytes.count)
            return Array(bytes.prefix(max(count, 0)))
        }
        #expect(kept("user.test") == value)
        if hasLists { #expect(kept("system.posix_acl_access") == list) }
    }
}
