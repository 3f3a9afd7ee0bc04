import Foundation
import MediaDecoding
import SystemPackage
import TestSupport
import Testing

/// Sidecars in the forms in which eight programs write them, read and edited in the decoding child.
@Suite struct GeneratedSidecarTests {
    private static let edit = SidecarEdit(
        caption: .init("New & <caption> \"ü\""), title: .init("T"),
        addedTags: [["boat"], ["Animals", "dog"]],
        record: SidecarRecord(writer: "Vignette", caption: "New & <caption> \"ü\""))

    private func edit(for sidecar: GeneratedSidecar) -> SidecarEdit {
        var edit = Self.edit
        edit.caption?.former = sidecar.caption
        return edit
    }

    private func decoder() throws -> Decoder {
        Decoder(executable: try BuildProducts.program("vignette-decoder"))
    }

    @Test func thereAreEnough() {
        #expect(GeneratedSidecar.all.count == 320)
        #expect(Set(GeneratedSidecar.all.map(\.bytes)).count == 320)
    }

    @Test func allAreReadRight() throws {
        let folder = try TemporaryDirectory()
        let decoder = try decoder()
        for sidecar in GeneratedSidecar.all {
            let path = folder.path.appending(sidecar.name + ".xmp")
            try Data(sidecar.bytes).write(to: URL(filePath: path.string))
            let texts = try decoder.sidecar(path).texts
            #expect(texts.caption == sidecar.caption, "\(sidecar.name)")
            #expect(Set(texts.keywords) == sidecar.keywords, "\(sidecar.name)")
            #expect(
                Set(texts.keywordPaths.map { $0.joined(separator: "/") }) == sidecar.paths,
                "\(sidecar.name)")
            #expect(texts.rating == 4, "\(sidecar.name)")
        }
    }

    @Test func whatIsNotOursStaysByteForByteAndASecondEditChangesNothing() throws {
        let folder = try TemporaryDirectory()
        let decoder = try decoder()
        for sidecar in GeneratedSidecar.all {
            let path = folder.path.appending(sidecar.name + ".xmp")
            try Data(sidecar.bytes).write(to: URL(filePath: path.string))
            let made = try decoder.edited(edit(for: sidecar), of: path)
            let bytes = Data(made)
            var position = 0
            for part in sidecar.foreign {
                let found = bytes.range(of: Data(part), in: position..<bytes.count)
                guard let found else {
                    Issue.record("\(sidecar.name) lost \(String(decoding: part, as: UTF8.self))")
                    break
                }
                position = found.upperBound
            }
            try bytes.write(to: URL(filePath: path.string))
            let texts = try decoder.sidecar(path).texts
            #expect(texts.caption == "New & <caption> \"ü\"", "\(sidecar.name)")
            #expect(texts.title == "T" && texts.rating == 4, "\(sidecar.name)")
            #expect(
                Set(texts.keywords.map { $0.lowercased() })
                    == Set(sidecar.keywords.map { $0.lowercased() }).union(["boat", "dog"]),
                "\(sidecar.name)")
            #expect(try decoder.edited(edit(for: sidecar), of: path) == made, "\(sidecar.name)")
        }
    }

    @Test(.enabled("exiftool is installed") { Exiftool.isThere })
    func exiftoolReadsWhatWasWritten() throws {
        let before = try TemporaryDirectory()
        let folder = try TemporaryDirectory()
        let decoder = try decoder()
        for sidecar in GeneratedSidecar.all {
            let path = before.path.appending(sidecar.name + ".xmp")
            try Data(sidecar.bytes).write(to: URL(filePath: path.string))
            try Data(try decoder.edited(edit(for: sidecar), of: path))
                .write(to: URL(filePath: folder.path.appending(sidecar.name + ".xmp").string))
        }
        // It takes some for no XMP that neither have an x:xmpmeta nor call RDF's prefix rdf.
        let known = try Exiftool.values(["XMP-xmp:Rating"], in: before.path)
            .filter { $0.value["Rating"] == ["4"] }
        #expect(known.count >= 260, "\(known.count)")
        let values = try Exiftool.values(
            [
                "XMP-dc:Description", "XMP-dc:Title", "XMP-dc:Subject",
                "XMP-lr:HierarchicalSubject",
                "XMP-digiKam:TagsList", "XMP-tiff:ImageDescription", "XMP-xmp:Rating",
            ], in: folder.path)
        for sidecar in GeneratedSidecar.all where known[sidecar.name + ".xmp"] != nil {
            let said = values[sidecar.name + ".xmp"] ?? [:]
            #expect(said["Description"] == ["New & <caption> \"ü\""], "\(sidecar.name)")
            #expect(said["Title"] == ["T"] && said["Rating"] == ["4"], "\(sidecar.name)")
            let names = { (tag: String) in Set((said[tag] ?? []).map { $0.lowercased() }) }
            #expect(names("Subject").isSuperset(of: ["boat", "dog"]), "\(sidecar.name)")
            #expect(names("HierarchicalSubject").isSuperset(of: ["boat", "animals|dog"]))
            let every = sidecar.paths.map { $0.lowercased() }.filter { $0 != "animals/dog" }
            #expect(
                names("TagsList").isSuperset(of: ["boat", "animals/dog"] + every),
                "\(sidecar.name): \(names("TagsList"))")
            let leaves = names("TagsList").map {
                $0.split(separator: "/").last.map(String.init) ?? ""
            }
            #expect(
                Set(leaves).isSuperset(of: sidecar.keywords.map { $0.lowercased() }),
                "nothing is hidden: \(sidecar.name)")
            if said["ImageDescription"] != nil {
                #expect(said["ImageDescription"] == said["Description"], "\(sidecar.name)")
            }
        }
    }
}
