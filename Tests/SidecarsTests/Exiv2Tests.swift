import Catalogue
import Foundation
import MediaDecoding
import SystemPackage
import TestSupport
import Testing
import WorkQueue

@testable import Sidecars

/// There and back with exiv2 (Debian's `exiv2`), by whose library digiKam, darktable and GIMP read and write sidecars.
@Suite(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/exiv2")))
struct Exiv2Tests {
    /// Runs it and gives what it says.
    @discardableResult
    private func exiv2(_ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/exiv2")
        process.arguments = arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: data, as: UTF8.self)
    }

    @Test func wordsAppearThereAndItsEditsComeBack() throws {
        let library = try SidecarLibrary()
        try library.add("a.jpg", caption: "a boat & a <gull>", tags: ["boat", "sea"])
        try library.sync()
        let path = library.folder.appending("a.jpg.xmp").string
        let told = try exiv2(["-PXnv", path])
        #expect(told.contains("a boat & a <gull>"), "\(told)")
        let subject = try exiv2(["-PXt", "-K", "Xmp.dc.subject", path])
        #expect(subject.contains("boat, sea"), "\(subject)")
        #expect(try exiv2(["-PXt", "-K", "Xmp.digiKam.TagsList", path]).contains("boat, sea"))

        try exiv2([
            "-M", "set Xmp.dc.description lang=x-default Anna's boat", "-M",
            "del Xmp.dc.subject", "-M", "set Xmp.dc.subject XmpBag sea", "-M",
            "set Xmp.dc.subject Anna", "-M", "del Xmp.digiKam.TagsList", "-M",
            "del Xmp.lr.hierarchicalSubject", "-M", "set Xmp.xmp.Rating 4", path,
        ])
        try library.read("a.jpg.xmp")
        let asset = try library.catalogue.show(library.folder.appending("a.jpg"))?.asset
        #expect(asset?.caption == "Anna's boat" && asset?.captionSource == .sidecar)
        // The model's "boat" was taken out of the sidecar, and so it is removed here.
        #expect(Set(asset?.tags ?? []) == ["Anna", "sea"])
        for _ in 0..<2 { try library.sync() }
        let facts = try library.facts("a.jpg.xmp")
        #expect(facts.texts.caption == "Anna's boat" && facts.texts.rating == 4)
        #expect(Set(facts.texts.keywords) == ["Anna", "sea"])
        let before = try library.bytes("a.jpg.xmp")
        #expect(try library.sync().allSatisfy { $0.outcome == .upToDate })
        #expect(try library.bytes("a.jpg.xmp") == before)
    }
}
