import FileSystem
import Foundation
import MediaDecoding
import SystemPackage
import Testing
import WorkQueue

@testable import Catalogue

/// Random sequences of pictures, sidecars and what becomes of them, against what must be true at rest.
@Suite struct TextsAndPairsPropertyTests {
    @Test(arguments: [1, 2, 3, 4, 5] as [UInt64])
    func saysAtRestWhatTheFilesSay(seed: UInt64) throws {
        var world = try World(seed: seed)
        for _ in 0..<12 {
            for _ in 0..<40 { try world.step() }
            try world.rest()
            try world.compare("seed \(seed)")
        }
        #expect(world.pairs > 5)
        #expect(world.sidecars > 5)
    }
}

private struct World {
    /// What a file holds on disk.
    private struct Content {
        var status: FileStatus
        var facts: AssetFacts
        /// What a sidecar says; `nil` for one that cannot be read.
        var sidecar: SidecarFacts?
    }

    private var random: SplitMix
    private let fixture: CatalogueFixture
    private var catalogue: Catalogue
    private var disk: [String: Content] = [:]
    /// What sidecars said when they could be read last, as long as they are known.
    private var said: [String: SidecarFacts] = [:]
    private var clock = 0.0
    private var serial: UInt64 = 0
    private(set) var pairs = 0
    private(set) var sidecars = 0

    private static let pictures = ["a.jpg", "a.nef", "a.mov", "b.jpg", "b.mov", "b.b.jpg"]
    private static let names = pictures + ["a.jpg.xmp", "a.xmp", "a.nef.XMP", "b.xmp", "b.b.xmp"]

    init(seed: UInt64) throws {
        random = SplitMix(seed: seed)
        fixture = try CatalogueFixture()
        catalogue = fixture.catalogue
    }

    private var now: Date { CatalogueFixture.time(clock) }

    mutating func step() throws {
        clock += 1
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<30: try change(pick(Self.names))
        case 30..<42: try remove(pick(Self.names))
        case 42..<80: try work(failing: random.oneIn(6))
        case 80..<90: _ = try catalogue.removeExpired(grace: .seconds(5), at: now)
        case 90..<93: try reopen()
        case 93..<96: _ = try catalogue.retry(.all, at: now)
        default: try catalogue.lookedThrough(fixture.root.id, at: now)
        }
        forget()
    }

    // MARK: What happens

    private mutating func change(_ name: String) throws {
        serial += 1
        let status = FileStatus(
            kind: .file, device: 7, inode: serial, size: 100, modified: Int64(serial),
            changed: Int64(serial))
        let isClip = name.hasSuffix("mov")
        var facts = CatalogueFixture.facts(
            UInt8.random(in: 1...9, using: &random) + UInt8(Self.names.firstIndex(of: name) ?? 0)
                * 10,
            kind: isClip ? .video : .still,
            capture: CaptureFacts(takenAt: pick(["2024-07-26T18:03:11", "2023-01-01T00:00:00"])))
        facts.isRaw = name.hasSuffix("nef")
        facts.isIncomplete = random.oneIn(4)
        facts.texts = texts()
        let sidecar = SidecarFacts(
            texts: texts(), takenAt: random.oneIn(3) ? pick(["2024-07-26", "2022-02-02"]) : nil,
            createdAt: random.oneIn(3) ? "2020-01-01" : nil, latitude: random.oneIn(3) ? 1 : nil,
            longitude: random.oneIn(2) ? 2 : nil,
            fileExtension: random.oneIn(4) ? pick(["nef", "jpg"]) : nil)
        disk[name] = Content(
            status: status, facts: facts, sidecar: random.oneIn(4) ? nil : sidecar)
        _ = try catalogue.observe(
            [.settled(FilePath(name), status)], in: fixture.root.id, at: now)
    }

    private mutating func texts() -> EmbeddedTexts {
        guard !random.oneIn(3) else { return EmbeddedTexts() }
        serial += 1
        return EmbeddedTexts(
            caption: random.oneIn(2) ? "caption \(serial)" : nil,
            keywords: random.oneIn(2) ? ["keyword \(serial)"] : [],
            rating: random.oneIn(2) ? Int.random(in: 1...5, using: &random) : nil)
    }

    private mutating func remove(_ name: String) throws {
        disk[name] = nil
        _ = try catalogue.observe([.absent(FilePath(name))], in: fixture.root.id, at: now)
    }

    private mutating func reopen() throws {
        catalogue.close()
        catalogue = try Catalogue(at: fixture.path, access: .owner)
        try catalogue.lookedThrough(fixture.root.id, at: now)
    }

    /// Forgets what sidecars said that are not known any more.
    private mutating func forget() {
        for name in said.keys {
            let isKnown = try? catalogue.show(fixture.root.path.appending(name)) != nil
            if isKnown == false { said[name] = nil }
        }
    }

    /// Works on the next file, or on the next picture to describe.
    ///
    /// - Returns: Whether there was one.
    @discardableResult
    private mutating func work(failing: Bool) throws -> Bool {
        if let job = try catalogue.leaseNext(at: now) {
            try work(on: job, failing: failing)
        } else if let lease = try catalogue.leaseWork(at: now) {
            try finish(lease, failing: failing)
        } else {
            return false
        }
        return true
    }

    private mutating func work(on job: LeasedJob, failing: Bool) throws {
        let name = job.relativePath.string
        guard let content = disk[name], content.status == job.status else {
            return try catalogue.release(job, at: now)
        }
        if job.isSidecar {
            guard let facts = content.sidecar else {
                try catalogue.fail(job, reason: "no XMP", retryAfter: nil, at: now)
                return
            }
            try catalogue.read(sidecar: job, saying: facts, at: now)
            said[name] = facts
            return
        }
        if failing {
            try catalogue.fail(job, reason: "damaged", retryAfter: nil, at: now)
            return
        }
        let answer = try catalogue.identified(
            job, as: content.facts, wanting: CatalogueFixture.recipe, at: now)
        if case .needsDescription(let lease) = answer { try finish(lease, failing: failing) }
    }

    private mutating func finish(_ lease: WorkLease, failing: Bool) throws {
        if failing {
            let isFinal = random.oneIn(2)
            _ = try catalogue.fail(
                lease, WorkFailure(reason: "odd", retryAfter: isFinal ? nil : .seconds(9)), at: now)
        } else {
            _ = try catalogue.complete(lease, with: CatalogueFixture.result(), at: now)
        }
    }

    /// Lets everything come to its end: what is missing is forgotten, what failed is tried again.
    mutating func rest() throws {
        try catalogue.lookedThrough(fixture.root.id, at: now)
        for _ in 0..<3 {
            clock += 100
            _ = try catalogue.retry(.all, at: now)
            _ = try catalogue.removeExpired(grace: .seconds(5), at: now)
            forget()
            while try work(failing: false) {}
        }
        try catalogue.expectInvariants()
    }

    // MARK: What must be true

    func compareTexts(_ step: String, _ primaries: [UInt8: UInt8]) throws {
        for (name, content) in disk where !name.lowercased().hasSuffix("xmp") {
            let details = try #require(try catalogue.show(fixture.root.path.appending(name)))
            let picture = primaries[identity(content)] ?? identity(content)
            // Every file of the picture has a say.
            let voices = disk.filter { other, content in
                !other.lowercased().hasSuffix("xmp")
                    && (primaries[identity(content)] ?? identity(content)) == picture
            }
            let texts = voices.flatMap { other, content in
                [sidecar(of: other)?.texts, content.facts.texts].compactMap { $0 }
            }
            let written = details.asset?.tagDetails.filter { $0.sources.contains(.sidecar) } ?? []
            #expect(
                Set(written.map(\.text)) == Set(texts.flatMap(\.keywords)), "\(step): \(name)")
            let captions = Set(texts.compactMap(\.caption))
            let isWritten = details.asset?.captionSource == .sidecar
            #expect(isWritten == !captions.isEmpty, "\(step): \(name)")
            if isWritten { #expect(captions.contains(details.asset?.caption ?? ""), "\(step)") }
            let ratings = Set(texts.compactMap(\.rating))
            #expect(ratings.isEmpty == (details.asset?.rating == nil), "\(step): \(name)")
            if voices.count == 1 {
                let first = sidecar(of: name)?.texts.caption ?? content.facts.texts.caption
                if let first { #expect(details.asset?.caption == first, "\(step): \(name)") }
            }
        }
    }

    mutating func compare(_ step: String) throws {
        let members = self.members
        var primaries: [UInt8: UInt8] = [:]
        for member in members {
            let others = members.filter { $0.file != member.file }
            if let primary = PairRules.primary(of: member, among: others) {
                primaries[UInt8(member.asset)] = UInt8(primary.asset)
            }
        }
        pairs += primaries.count
        sidecars += disk.keys.filter { $0.lowercased().hasSuffix("xmp") }.count
        try compareTexts(step, primaries)
        let pictures = Dictionary(
            grouping: members, by: { primaries[UInt8($0.asset)] ?? UInt8($0.asset) }
        ).values.map { group in Set(group.map { String(decoding: $0.name, as: UTF8.self) }) }
        let hits = try catalogue.search(SearchQuery("")).map { hit in
            Set(hit.files.map(\.relativePath.string))
        }
        #expect(hits.count == Set(hits).count, "\(step): shown once")
        #expect(Set(hits) == Set(pictures), "\(step)")
        for member in members where primaries[UInt8(member.asset)] == nil {
            let path = fixture.root.path.appending(String(decoding: member.name, as: UTF8.self))
            let details = try #require(try catalogue.show(path))
            #expect(details.job.state == .done, "\(step)")
            #expect(
                details.asset?.descriptions.contains { $0.source == .model } == true, "\(step)")
        }
    }

    private var members: [PairMember] {
        disk.filter { !$0.key.lowercased().hasSuffix("xmp") }.map { name, content in
            PairMember(
                file: Int64(Self.names.firstIndex(of: name) ?? 0), asset: Int64(identity(content)),
                name: Data(name.utf8), kind: content.facts.kind, format: content.facts.format,
                isRaw: content.facts.isRaw, duration: content.facts.duration,
                takenAt: content.facts.capture.takenAt, contentIdentifier: nil)
        }.sorted { $0.name.lexicographicallyPrecedes($1.name) }
    }

    private func identity(_ content: Content) -> UInt8 { content.facts.identity[0] }

    /// The sidecar whose word should count.
    private func sidecar(of name: String) -> SidecarFacts? {
        let suffix = SidecarName.fileExtension(of: Data(name.utf8))
        for candidate in SidecarName.candidates(for: Data(name.utf8)) {
            let candidate = String(decoding: candidate, as: UTF8.self)
            guard let facts = said[candidate] else { continue }
            let isOfName = candidate.lowercased() == name.lowercased() + ".xmp"
            if isOfName || facts.fileExtension == nil || facts.fileExtension == suffix {
                return facts
            }
        }
        return nil
    }

    private mutating func pick(_ choices: [String]) -> String {
        choices.randomElement(using: &random) ?? ""
    }
}
