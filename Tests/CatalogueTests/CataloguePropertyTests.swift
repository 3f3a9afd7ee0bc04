@testable import Catalogue
import FileSystem
import Foundation
import GRDB
import SystemPackage
import Testing

/// Random sequences of everything that can happen, against the plain model of it.
@Suite struct CataloguePropertyTests {
    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func agreesWithThePlainModelAfterEveryStep(seed: UInt64) throws {
        var world = try World(seed: seed)
        for step in 0..<1000 {
            try world.step()
            try world.compare("seed \(seed), step \(step)")
        }
        #expect(world.completions > 5)
        #expect(world.waits > 0)
    }
}

/// A disk of a few names, the catalogue that follows it, and the model that the catalogue must equal.
private struct World {
    private var random: SplitMix
    private let fixture: CatalogueFixture
    private var catalogue: Catalogue
    private var model = ModelCatalogue()
    private var disk: [String: (status: FileStatus, content: UInt8)] = [:]
    private var leases: [(job: LeasedJob, id: Int, asset: Int64?)] = []
    private var clock: Int64 = 0
    private(set) var completions = 0
    private(set) var waits = 0

    private static let names = ["a", "d", "d.x", "dd"].flatMap { directory in
        ["1.jpg", "2.jpg", "e/3.jpg", "e.f/4.jpg"].map { "\(directory)/\($0)" }
    }

    init(seed: UInt64) throws {
        random = SplitMix(seed: seed)
        fixture = try CatalogueFixture()
        catalogue = fixture.catalogue
    }

    private var now: Double { Double(clock) }
    private var moment: Date { Date(timeIntervalSince1970: now) }

    mutating func step() throws {
        clock += 1
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<22: try changeDisk()
        case 22..<34: try list()
        case 34..<58: try lease()
        case 58..<74: try identify()
        case 74..<84: try finish()
        case 84..<88: try expire()
        case 88..<90: try kill()
        case 90..<92: try #expect(catalogue.retry(.all, at: moment) == model.retry())
        default: try observeOne()
        }
    }

    // MARK: The disk

    private mutating func changeDisk() throws {
        let name = pick(Self.names)
        switch (Int.random(in: 0..<6, using: &random), disk[name]) {
        case (0, .some(var entry)):
            entry.status.changed = clock
            disk[name] = entry
        case (1, .some(var entry)):
            entry.content = anyContent()
            entry.status.modified = clock
            entry.status.changed = clock
            disk[name] = entry
        case (2, .some(var entry)):
            disk[name] = nil
            entry.status.changed = clock
            disk[pick(Self.names)] = entry
        case (3, .some): disk[name] = nil
        default:
            let status = FileStatus(
                kind: .file, device: 1, inode: UInt64(clock), size: 10, modified: clock,
                changed: clock)
            disk[name] = (status, anyContent())
        }
        try observe(name)
    }

    private mutating func observeOne() throws {
        try observe(pick(Self.names))
    }

    private mutating func observe(_ name: String) throws {
        if let entry = disk[name] {
            try observe(.settled(FilePath(name), entry.status))
            model.settle(name, entry.status)
        } else {
            try observe(.absent(FilePath(name)))
            model.lose(where: { $0 == name || $0.hasPrefix(name + "/") }, at: now)
        }
    }

    /// Lists a directory of the disk, or tells that it is not there.
    private mutating func list() throws {
        let directory = pick(["", "a", "d", "d/e", "d.x", "dd", "dd/e.f"])
        let prefix = directory.isEmpty ? "" : directory + "/"
        let below = disk.keys.filter { $0.hasPrefix(prefix) }
        guard !below.isEmpty || directory.isEmpty else {
            try observe(.absent(FilePath(directory)))
            model.lose(where: { $0.hasPrefix(prefix) }, at: now)
            return
        }
        var listing = DirectoryListing(
            directory: FilePath(directory), volume: Volume(key: "disk", point: ""), files: [],
            subdirectories: [])
        var subdirectories: Set<String> = []
        for name in below.sorted() {
            let parts = name.dropFirst(prefix.count).split(separator: "/").map(String.init)
            guard let component = FilePath.Component(parts[0]), let entry = disk[name] else {
                continue
            }
            if parts.count > 1 {
                if subdirectories.insert(parts[0]).inserted {
                    listing.subdirectories.append(component)
                }
                continue
            }
            let isSettled = !random.oneIn(4)
            listing.files.append(
                ListedFile(name: component, status: entry.status, isSettled: isSettled))
            if isSettled { model.settle(name, entry.status) }
        }
        try observe(.listing(listing))
        model.lose(
            where: { $0.hasPrefix(prefix) && !Self.isListed($0, prefix, listing) }, at: now)
    }

    private static func isListed(_ name: String, _ prefix: String, _ listing: DirectoryListing)
        -> Bool
    {
        let parts = name.dropFirst(prefix.count).split(separator: "/").map(String.init)
        return parts.count > 1
            ? listing.subdirectories.contains { $0.string == parts[0] }
            : listing.files.contains { $0.name.string == parts[0] }
    }

    private func observe(_ observation: FileObservation) throws {
        _ = try catalogue.observe([observation], in: fixture.root.id, at: moment)
    }

    // MARK: The queue

    private mutating func lease() throws {
        guard leases.count < 6 else { return }
        let job = try catalogue.lease(owner: "test", at: moment)
        let expected = model.next(at: now)
        #expect(job?.relativePath.string == expected?.name)
        guard let job, let expected else { return }
        model.lease(expected.id)
        #expect(job.attempt == expected.attempts + 1)
        leases.append((job, expected.id, nil))
    }

    private mutating func identify() throws {
        guard let index = leases.indices.randomElement(using: &random) else { return }
        let (job, id, _) = leases[index]
        let isHeld = isHeld(job, id)
        // A worker sees what the file holds now; if that is not what was queued, it lets go.
        guard let entry = disk[job.relativePath.string], entry.status == job.status else {
            leases.remove(at: index)
            try catalogue.release(job, at: moment)
            if isHeld { model.release(id) }
            return
        }
        let facts = CatalogueFixture.facts(entry.content)
        let answer = try catalogue.identified(job, as: facts, at: moment)
        let expected = isHeld ? model.identify(id, as: entry.content, at: now) : nil
        switch answer {
        case .described: #expect(expected == .done)
        case .beingDescribed:
            #expect(expected == .waiting)
            waits += 1
        case .superseded: #expect(expected == nil)
        case .needsDescription(let asset):
            #expect(expected == .leased)
            leases[index].asset = asset
            return
        }
        leases.remove(at: index)
    }

    private mutating func finish() throws {
        guard let index = leases.indices.randomElement(using: &random) else { return }
        let (job, id, asset) = leases.remove(at: index)
        let isHeld = isHeld(job, id)
        switch (Int.random(in: 0..<5, using: &random), asset) {
        case (0, _):
            let state = try catalogue.fail(
                job, reason: "stuck", retryAfter: .seconds(20), at: moment)
            #expect((state != nil) == isHeld)
            if isHeld { model.fail(id, retryAt: now + 20, now: now) }
        case (1, _):
            try catalogue.fail(job, reason: "no picture", retryAfter: nil, at: moment)
            if isHeld { model.fail(id, retryAt: nil, now: now) }
        case (_, .some(let asset)):
            let result = CatalogueFixture.result(
                caption: "step \(clock)", tags: [pick(["boat", "sea", "car"])])
            let stored = try catalogue.complete(job, assetID: asset, with: result, at: moment)
            #expect(stored == isHeld)
            if isHeld {
                completions += 1
                model.complete(id)
            }
        default:
            try catalogue.release(job, at: moment)
            if isHeld { model.release(id) }
        }
    }

    /// Whether the model's job is still the one that was lent out: leased, and for the same file.
    private func isHeld(_ job: LeasedJob, _ id: Int) -> Bool {
        guard let file = model.files.first(where: { $0.id == id }) else { return false }
        return file.state == .leased && file.status == job.status
    }

    private mutating func expire() throws {
        let deadline = clock - Int64.random(in: 0...60, using: &random)
        _ = try catalogue.removeExpired(
            missingBefore: Date(timeIntervalSince1970: Double(deadline)))
        model.removeExpired(before: Double(deadline))
    }

    private mutating func kill() throws {
        catalogue.close()
        catalogue = try Catalogue(at: fixture.path, access: .owner)
        model.kill(at: now)
        leases = []
    }

    // MARK: The comparison

    func compare(_ step: String) throws {
        let rows = try catalogue.read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT directory, name, missing_since, is_current, hex(identity) AS content,
                        state, attempts, interruptions, not_before
                    FROM file JOIN job ON job.file_id = file.id
                    LEFT JOIN asset ON asset.id = asset_id ORDER BY file.id
                    """)
        }
        let actual = rows.map { row in
            let path = PathBytes.path(row["directory"], row["name"])
            let content = (row["content"] as String?).flatMap { UInt8($0.prefix(2), radix: 16) }
            return summary(
                path.string, row["missing_since"], content, row["is_current"], row["state"],
                row["attempts"], row["interruptions"], row["not_before"])
        }
        let expected = model.files.map { file in
            summary(
                file.name, file.missingSince, file.asset, file.isCurrent, file.state.rawValue,
                file.attempts, file.interruptions, file.notBefore)
        }
        #expect(actual == expected, "\(step)")
        let assets = try catalogue.read { database in
            try String.fetchAll(
                database, sql: "SELECT substr(hex(identity), 1, 2) FROM asset ORDER BY identity")
        }
        let contents = assets.compactMap { UInt8($0, radix: 16) }
        #expect(contents == model.assets.keys.sorted(), "\(step)")
        if clock.isMultiple(of: 20) {
            try catalogue.expectInvariants()
        }
    }

    private func summary(
        _ name: String, _ missing: Double?, _ content: UInt8?, _ isCurrent: Bool, _ state: String,
        _ attempts: Int, _ interruptions: Int, _ notBefore: Double?
    ) -> String {
        "\(name) missing \(missing ?? -1) content \(content ?? 0) \(isCurrent) \(state) "
            + "\(attempts) \(interruptions) \(notBefore ?? -1)"
    }

    /// Two of three files are copies of others, so that equal contents meet in the queue.
    private mutating func anyContent() -> UInt8 {
        let names = disk.keys.sorted()
        guard !random.oneIn(3), let name = names.randomElement(using: &random) else {
            return UInt8.random(in: 1...99, using: &random)
        }
        return disk[name]?.content ?? 1
    }

    private mutating func pick(_ choices: [String]) -> String {
        choices.randomElement(using: &random) ?? ""
    }
}
