import Foundation
import MediaDecoding
import SystemPackage
import TestSupport
import Testing
import WorkQueue

@testable import Catalogue

/// What one catalogue says, another takes in.
@Suite struct CatalogueTransferTests {
    private let there: CatalogueFixture
    private let here: CatalogueFixture
    private let anna = EditAuthor(.terminal, name: "anna")
    private let importer = EditAuthor(.import, name: "bert")

    init() throws {
        there = try CatalogueFixture()
        here = try CatalogueFixture()
    }

    private func describe(
        _ fixture: CatalogueFixture, _ path: String = "a.jpg", as content: UInt8 = 1,
        caption: String = "a violin", tags: [ModelTag] = [ModelTag("violin"), ModelTag("dog")],
        texts: EmbeddedTexts = EmbeddedTexts()
    ) throws -> Int64 {
        try fixture.observe(
            .settled(FilePath(path), CatalogueFixture.status(UInt64(content))))
        return try fixture.describeNext(
            as: content, caption: caption, tags: tags,
            capture: CaptureFacts(
                takenAt: "2024-07-26T18:03:11", camera: "Nikon", latitude: 1, longitude: 2),
            texts: texts)
    }

    private func exported(_ catalogue: Catalogue) throws -> [ExportedAsset] {
        try catalogue.export(after: 0, limit: 1000).map(\.asset)
            .sorted { $0.identity < $1.identity }
    }

    /// An export through its JSON.
    private func lines() throws -> [ExportedAsset] {
        try exported(there.catalogue).map {
            try JSONDecoder().decode(ExportedAsset.self, from: JSONEncoder().encode($0))
        }
    }

    private func withoutPaths(_ assets: [ExportedAsset]) -> [ExportedAsset] {
        assets.map { asset in
            var asset = asset
            asset.paths = []
            return asset
        }
    }

    @Test func anEmptyCatalogueSaysTheSameAfterwards() throws {
        let written = EmbeddedTexts(
            title: "Garda", caption: "IMG", keywords: ["Lake Garda", "anna"], rating: 4)
        let first = try describe(there, texts: written)
        let second = try describe(there, "b.jpg", as: 2, caption: "a boat", tags: ["boat"])
        try there.catalogue.edit(
            [first], TextEdit(caption: .say("mine"), given: ["Me"], taken: ["violin", "anna"]),
            by: anna)
        try there.catalogue.edit([second], TextEdit(caption: .silence), by: anna)
        try there.catalogue.undoLastEdit(of: second, by: anna)
        let assets = try lines()
        let outcome = try here.catalogue.import(assets, by: importer)
        #expect(outcome.changed == 2 && outcome.kept == 0 && outcome.refused == 0)
        #expect(try exported(here.catalogue) == withoutPaths(assets))
        #expect(assets.allSatisfy { $0.paths.count == 1 })
        let again = try here.catalogue.import(assets, by: importer)
        #expect(again.unchanged == 2 && again.changed == 0)
        try here.catalogue.checkIntegrity()
    }

    @Test func aPictureThatComesLaterIsNotDescribedAgain() throws {
        let number = try describe(there)
        try there.catalogue.edit([number], TextEdit(given: ["me"], taken: ["dog"]), by: anna)
        _ = try here.catalogue.import(lines(), by: importer, at: CatalogueFixture.time(0))
        _ = try here.catalogue.removeExpired(grace: .seconds(1), at: CatalogueFixture.time(1e6))
        try here.observe("elsewhere/z.jpg", at: 1e6)
        let job = try here.lease(at: 1e6)
        guard case .described = try here.identify(job, as: 1, at: 1e6) else {
            return #expect(Bool(false), "it is described again")
        }
        let asset = try #require(try here.show("elsewhere/z.jpg")?.asset)
        #expect(asset.caption == "a violin" && asset.tags == ["me", "violin"])
        try here.catalogue.expectInvariants()
    }

    @Test func modelsWordsOfPicturesThatDoNotComeAreForgottenAndAPersonsAreNot() throws {
        let number = try describe(there)
        _ = try describe(there, "b.jpg", as: 2)
        try there.catalogue.edit([number], TextEdit(caption: .say("mine")), by: anna)
        _ = try here.catalogue.import(lines(), by: importer, at: CatalogueFixture.time(0))
        _ = try here.catalogue.removeExpired(
            grace: .seconds(1), at: CatalogueFixture.time(100 * 86_400))
        #expect(try exported(here.catalogue).map { $0.texts.first?.text } == ["mine"])
    }

    @Test func aPersonsWordsHereStay() throws {
        let there = try describe(there)
        let here = try describe(here, caption: "other words", tags: ["cat"])
        try self.there.catalogue.edit(
            [there], TextEdit(caption: .say("theirs"), title: .say("T"), taken: ["cat"]), by: anna)
        try self.here.catalogue.edit(
            [here], TextEdit(caption: .say("ours"), given: ["Cat"]), by: anna)
        let outcome = try self.here.catalogue.import(lines(), by: importer)
        #expect(outcome.kept == 2)
        let asset = try #require(try self.here.show("a.jpg")?.asset)
        #expect(asset.caption == "ours" && asset.tags == ["Cat"])
        #expect(asset.descriptions.contains { $0.prompt == "title" && $0.text == "T" })
        #expect(try self.here.catalogue.edits(of: here).last?.author == importer)
        try self.here.catalogue.expectInvariants()
    }

    @Test func whatMakesNoSenseIsRefused() throws {
        _ = try describe(there)
        var assets = try lines()
        assets.append(contentsOf: [assets[0], assets[0], assets[0]])
        assets[1].identity = "zz"
        assets[2].kind = "sculpture"
        assets[3].identity = String(repeating: "00", count: 65)
        let outcome = try here.catalogue.import(assets, by: importer)
        #expect(outcome.changed == 1 && outcome.refused == 3)
    }

    @Test func pathsAreBytes() throws {
        let path = ExportedPath(PathBytes.path(Data([0x2F, 0x61, 0xFF, 0x62])))
        let text = try JSONEncoder().encode([path])
        #expect(try JSONDecoder().decode([ExportedPath].self, from: text) == [path])
        #expect(String(decoding: text, as: UTF8.self).contains("base64"))
    }
}
