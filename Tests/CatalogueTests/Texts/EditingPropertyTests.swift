import FileSystem
import Foundation
import MediaDecoding
import SystemPackage
import TestSupport
import Testing
import WorkQueue

@testable import Catalogue

/// Random edits among all that changes texts besides, against a model of what a person said.
@Suite struct EditingPropertyTests {
    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func aPersonsWordsAreInForceWhateverHappens(seed: UInt64) throws {
        var world = try EditedWorld(seed: seed)
        for step in 0..<250 {
            try world.step()
            try world.compare("seed \(seed), step \(step)")
        }
        #expect(world.edits > 50 && world.undone > 10 && world.restored > 3)
    }
}

private struct EditedWorld {
    /// What a person said of one picture; a word is empty where nothing is to be said.
    private struct Words: Equatable {
        var caption: String?
        var tags: [String: String] = [:]
    }

    private var random: SplitMix
    private let fixture: CatalogueFixture
    private var catalogue: Catalogue
    private let author = EditAuthor(.terminal, name: "anna")
    /// What holds for each picture, and before each edit that was not taken back yet.
    private var said: [UInt8: Words] = [:]
    private var history: [UInt8: [Words]] = [:]
    private var clock = 0.0
    private(set) var edits = 0
    private(set) var undone = 0
    private(set) var restored = 0

    private static let names = ["a", "b", "c", "d"]

    init(seed: UInt64) throws {
        random = SplitMix(seed: seed)
        fixture = try CatalogueFixture()
        catalogue = fixture.catalogue
        for content in 1...3 as ClosedRange<UInt8> { try show(content) }
    }

    private var now: Date { CatalogueFixture.time(clock) }
    private func path(_ content: UInt8) -> FilePath { FilePath("\(content).jpg") }
    private func number(_ content: UInt8) throws -> Int64? {
        try catalogue.show(fixture.root.path.pushing(path(content)))?.asset?.id
    }

    mutating func step() throws {
        clock += 1
        let content = UInt8.random(in: 1...3, using: &random)
        switch Int.random(in: 0..<20, using: &random) {
        case 0..<8: try edit(content)
        case 8..<11: try undo(content)
        case 11..<14: try describeAgain(content)
        case 14..<16: try writeSidecar(content)
        case 16: try remove(content)
        case 17: try show(content)
        case 18: try restore()
        default: _ = try catalogue.removeExpired(grace: .seconds(3), at: now)
        }
    }

    private mutating func edit(_ content: UInt8) throws {
        guard let number = try number(content) else { return }
        var words = said[content, default: Words()]
        let before = words
        var edit = TextEdit()
        switch Int.random(in: 0..<4, using: &random) {
        case 0:
            words.caption = "words \(clock)"
            edit.caption = .say("words \(clock)")
        case 1:
            words.caption = ""
            edit.caption = .silence
        case 2:
            words.caption = nil
            edit.caption = .withdraw
        default: break
        }
        for name in Self.names where random.oneIn(3) {
            switch Int.random(in: 0..<3, using: &random) {
            case 0:
                words.tags[name] = random.oneIn(2) ? name : name.uppercased()
                edit.given.append(words.tags[name] ?? "")
            case 1:
                words.tags[name] = ""
                edit.taken.append(name)
            default:
                words.tags[name] = nil
                edit.withdrawn.append(name)
            }
        }
        let done = try catalogue.edit([number], edit, by: author, at: now)
        #expect(done.isEmpty == (words == before))
        guard words != before else { return }
        history[content, default: []].append(before)
        said[content] = words
        edits += 1
    }

    private mutating func undo(_ content: UInt8) throws {
        guard let number = try number(content) else { return }
        let done = try catalogue.undoLastEdit(of: number, by: author, at: now)
        let before = history[content]?.popLast()
        #expect((done == nil) == (before == nil))
        if let before {
            said[content] = before
            undone += 1
        }
    }

    private mutating func describeAgain(_ content: UInt8) throws {
        guard try number(content) != nil else { return }
        let recipe = Recipe(
            model: "tiny", version: "\(Int.random(in: 1...3, using: &random))", settings: [1])
        _ = try catalogue.redo(
            RedoSelection(
                paths: [fixture.root.path.pushing(path(content))], includesCurrent: true),
            wanting: recipe)
        while let work = try catalogue.lease(LeaseRequest(worker: "test", now: now)).first {
            _ = try catalogue.complete(
                work, with: CatalogueFixture.result(tags: someTags(), recipe: recipe), at: now)
        }
    }

    private mutating func someTags() -> [ModelTag] {
        Self.names.filter { _ in random.oneIn(2) }.map { ModelTag($0) }
    }

    private mutating func writeSidecar(_ content: UInt8) throws {
        let status = FileStatus(
            kind: .file, device: 7, inode: 100 + UInt64(content), size: 100,
            modified: Int64(clock), changed: Int64(clock))
        _ = try catalogue.observe(
            [.settled(FilePath("\(content).jpg.xmp"), status, CatalogueFixture.disk)],
            in: fixture.root.id, at: now)
        let keywords = Self.names.filter { _ in random.oneIn(2) }
            .map { random.oneIn(2) ? $0 : $0.uppercased() }
        while let job = try catalogue.leaseNext(at: now) {
            guard job.isSidecar else { continue }
            try catalogue.read(
                sidecar: job,
                saying: SidecarFacts(
                    texts: EmbeddedTexts(caption: "sidecar", keywords: keywords)), at: now)
        }
    }

    private mutating func remove(_ content: UInt8) throws {
        _ = try catalogue.observe([.absent(path(content))], in: fixture.root.id, at: now)
        clock += 10
        _ = try catalogue.lookedThrough(fixture.root.id, at: now)
        clock += 10
        _ = try catalogue.removeExpired(grace: .seconds(1), at: now)
    }

    private mutating func show(_ content: UInt8) throws {
        let status = FileStatus(
            kind: .file, device: 7, inode: UInt64(content), size: 100, modified: 1, changed: 1)
        _ = try catalogue.observe(
            [.settled(path(content), status, CatalogueFixture.disk)], in: fixture.root.id, at: now)
        while let job = try catalogue.leaseNext(at: now) {
            guard !job.isSidecar else { continue }
            let found = try catalogue.identified(
                job, as: CatalogueFixture.facts(content), wanting: CatalogueFixture.recipe, at: now)
            if case .needsDescription(let work) = found {
                _ = try catalogue.complete(
                    work, with: CatalogueFixture.result(tags: someTags()), at: now)
            }
        }
    }

    /// The catalogue as it was, and as a copy of it becomes after further edits.
    private mutating func restore() throws {
        let copy = fixture.directory.path.appending("copy")
        try catalogue.copy(to: copy)
        for content in 1...3 as ClosedRange<UInt8> { try edit(content) }
        catalogue.close()
        for suffix in ["", "-wal", "-shm"] { unlink(fixture.path.string + suffix) }
        rename(copy.string, fixture.path.string)
        catalogue = try Catalogue(at: fixture.path, access: .owner)
        try catalogue.setOnline(fixture.root.id, volumes: [CatalogueFixture.disk])
        restored += catalogue.restoredEdits
    }

    func compare(_ moment: String) throws {
        try catalogue.expectInvariants()
        for content in 1...3 as ClosedRange<UInt8> {
            guard let asset = try catalogue.show(fixture.root.path.pushing(path(content)))?.asset
            else { continue }
            let words = said[content, default: Words()]
            if let caption = words.caption {
                #expect(asset.caption ?? "" == caption, "\(moment), \(content)")
            } else {
                #expect(asset.captionSource != .human, "\(moment), \(content)")
            }
            let tags = Dictionary(
                uniqueKeysWithValues: asset.tagDetails.map { ($0.text.lowercased(), $0) })
            for (name, word) in words.tags {
                #expect(tags[name]?.text ?? "" == word, "\(moment), \(content): \(name)")
            }
            for (name, tag) in tags where tag.sources.contains(.human) {
                #expect(words.tags[name] != nil, "\(moment), \(content): \(name)")
            }
        }
    }
}
