@testable import Catalogue
import FileSystem
import Foundation
import GRDB
import SystemPackage
import Testing
import WorkQueue

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
        #expect(world.replacements > 0)
    }
}

/// Disks of a few names, the catalogue that follows them, and the model that it must equal.
///
/// On the folder `d` of the first disk a card is mounted at times, or another one, which may be a copy.
private struct World {
    private typealias Entry = (status: FileStatus, content: UInt8)

    private enum Lease {
        case job(LeasedJob, id: Int, lease: Int)
        case work(WorkLease)
    }

    private var random: SplitMix
    private let fixture: CatalogueFixture
    private var catalogue: Catalogue
    private var model = ModelCatalogue()
    private var disks: [String: [String: Entry]] = ["disk": [:], "card": [:], "other": [:]]
    private var mounted: String?
    private var recipe = "1"
    private var leases: [Lease] = []
    private var clock: Int64 = 0
    private(set) var completions = 0
    private(set) var waits = 0
    private(set) var replacements = 0

    private static let names = ["a", "d", "d.x", "dd"].flatMap { directory in
        ["1.jpg", "2.jpg", "e/3.jpg", "e.f/4.jpg"].map { "\(directory)/\($0)" }
    }

    init(seed: UInt64) throws {
        random = SplitMix(seed: seed)
        fixture = try CatalogueFixture()
        catalogue = fixture.catalogue
        try mount(nil)
    }

    private var now: Double { Double(clock) }
    private var moment: Date { Date(timeIntervalSince1970: now) }
    private var wanted: Recipe { Recipe(model: "m", version: recipe, settings: [1]) }

    mutating func step() throws {
        clock += 1
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<20: try changeDisk()
        case 20..<30: try list()
        case 30..<34: try mount(pick([nil, "card", "other"]))
        case 34..<52: try lease()
        case 52..<57: try leaseWork()
        case 57..<70: try identify()
        case 70..<80: try finish()
        case 80..<85: try expire()
        case 85..<87: try kill()
        case 87..<89: try #expect(catalogue.retry(.all, at: moment) == model.retry())
        case 89..<91: try redo()
        case 91: try forget()
        default: try observe(pick(Self.names))
        }
    }

    // MARK: The disks

    /// What a name is on now.
    private func volume(of name: String) -> Volume {
        if let mounted, name == "d" || name.hasPrefix("d/") {
            return Volume(key: mounted, point: "d")
        }
        return CatalogueFixture.disk
    }

    private mutating func mount(_ key: String?) throws {
        mounted = key
        if key == "other", random.oneIn(2) {
            // A copy, whose inodes and device are its own.
            let card = disks["card"] ?? [:]
            disks["other"] = card.mapValues { entry in
                var copy = entry
                copy.status.device = 3
                copy.status.inode += 5000
                return copy
            }
        }
        var volumes = [CatalogueFixture.disk]
        if let key { volumes.append(Volume(key: key, point: "d")) }
        try catalogue.setOnline(fixture.root.id, volumes: volumes)
        model.mount(volumes.map(\.key)) { file in
            key != nil && file.volume == "disk" && file.name.hasPrefix("d/")
        }
        guard !random.oneIn(3) else { return }
        try catalogue.lookedThrough(fixture.root.id, at: moment)
        model.lookedThrough(at: now)
    }

    private mutating func changeDisk() throws {
        let name = pick(Self.names)
        let key = volume(of: name).key
        switch (Int.random(in: 0..<6, using: &random), disks[key]?[name]) {
        case (0, .some(var entry)):
            entry.status.changed = clock
            disks[key]?[name] = entry
        case (1, .some(var entry)):
            entry.content = anyContent()
            entry.status.modified = clock
            entry.status.changed = clock
            disks[key]?[name] = entry
        case (2, .some(var entry)):
            let target = pick(Self.names)
            guard volume(of: target).key == key else { break }
            disks[key]?[name] = nil
            entry.status.changed = clock
            disks[key]?[target] = entry
        case (3, .some): disks[key]?[name] = nil
        default:
            let device: UInt64 = key == "disk" ? 1 : key == "card" ? 2 : 3
            let status = FileStatus(
                kind: .file, device: device, inode: UInt64(clock), size: 10, modified: clock,
                changed: clock)
            let content = anyContent()
            disks[key]?[name] = (status, content)
        }
        try observe(name)
    }

    private mutating func observe(_ name: String) throws {
        let volume = volume(of: name)
        if let entry = disks[volume.key]?[name] {
            try observe(.settled(FilePath(name), entry.status, volume))
            model.settle(name, entry.status, on: volume.key)
        } else {
            try observe(.absent(FilePath(name), volume))
            model.lose(
                on: volume.key, where: { $0 == name || $0.hasPrefix(name + "/") }, at: now)
        }
    }

    /// Lists a directory, or tells that it is not there.
    private mutating func list() throws {
        let directory = pick(["", "a", "d", "d/e", "d.x", "dd", "dd/e.f"])
        let prefix = directory.isEmpty ? "" : directory + "/"
        let volume = volume(of: directory)
        let visible = disks[volume.key] ?? [:]
        let below = visible.keys.filter { $0.hasPrefix(prefix) }
        let isMountPoint = directory == "d" && mounted != nil
        guard !below.isEmpty || directory.isEmpty || isMountPoint else {
            try observe(.absent(FilePath(directory), volume))
            model.lose(on: volume.key, where: { $0.hasPrefix(prefix) }, at: now)
            return
        }
        var listing = DirectoryListing(
            directory: FilePath(directory), volume: volume, files: [], subdirectories: [])
        var subdirectories: Set<String> = []
        if directory.isEmpty, mounted != nil {
            subdirectories.insert("d")
            listing.subdirectories.append("d")
        }
        for name in below.sorted() {
            let parts = name.dropFirst(prefix.count).split(separator: "/").map(String.init)
            guard let component = FilePath.Component(parts[0]), let entry = visible[name] else {
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
            if isSettled { model.settle(name, entry.status, on: volume.key) }
        }
        try observe(.listing(listing))
        model.lose(
            on: volume.key,
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

    // MARK: The queues

    private mutating func lease() throws {
        guard leases.count < 6 else { return }
        let job = try catalogue.leaseNext(at: moment)
        let expected = model.next(at: now)
        #expect(job?.relativePath.string == expected?.name)
        guard let job, let expected else { return }
        #expect(job.volume.key == expected.volume)
        #expect(job.attempt == expected.attempts + 1)
        leases.append(.job(job, id: expected.id, lease: model.lease(expected.id)))
    }

    private mutating func leaseWork() throws {
        guard leases.count < 6 else { return }
        let until: Double? = random.oneIn(2) ? now + 30 : nil
        let request = LeaseRequest(
            worker: "test", until: until.map(Date.init(timeIntervalSince1970:)), now: moment)
        let work = try catalogue.lease(request).first
        let expected = model.nextWork(at: now)
        #expect((work == nil) == (expected == nil))
        guard let work, let expected else { return }
        let number = model.lend(expected, until: until)
        #expect(work.number == Int64(number))
        #expect(work.recipe.version == model.works[expected].recipe)
        #expect(work.attempt == model.works[expected].attempts)
        #expect(try content(of: work) == model.works[expected].content)
        let file = try #require(try catalogue.file(for: work))
        #expect(
            model.files.contains {
                $0.name == file.relativePath.string && $0.volume == file.volume.key
                    && $0.asset == model.works[expected].content && model.isReadable($0)
            })
        leases.append(.work(work))
    }

    private mutating func identify() throws {
        let jobs = leases.indices.filter { if case .job = leases[$0] { true } else { false } }
        guard let index = jobs.randomElement(using: &random),
            case .job(let job, let id, let lease) = leases.remove(at: index)
        else { return }
        let isHeld = model.holds(id, lease)
        let name = job.relativePath.string
        let volume = volume(of: name)
        // A worker sees what the file holds now; if that is not what was queued, it lets go.
        guard volume == job.volume, let entry = disks[volume.key]?[name],
            entry.status == job.status
        else {
            try catalogue.release(job, at: moment)
            if isHeld { model.release(id) }
            return
        }
        let facts = CatalogueFixture.facts(entry.content)
        let answer = try catalogue.identified(job, as: facts, wanting: wanted, at: moment)
        let expected =
            isHeld ? model.identify(id, as: entry.content, wanting: recipe, at: now) : nil
        switch answer {
        case .described: #expect(expected == .described)
        case .superseded: #expect(expected == nil)
        case .waiting:
            #expect(expected == .waiting)
            waits += 1
        case .needsDescription(let work):
            #expect(expected == .work(number: Int(work.number)))
            leases.append(.work(work))
        }
    }

    private mutating func finish() throws {
        guard let index = leases.indices.randomElement(using: &random) else { return }
        switch leases.remove(at: index) {
        case .job(let job, let id, let lease):
            let isHeld = model.holds(id, lease)
            switch Int.random(in: 0..<3, using: &random) {
            case 0:
                try catalogue.fail(job, reason: "stuck", retryAfter: .seconds(20), at: moment)
                if isHeld { model.fail(id, retryAt: now + 20, now: now) }
            case 1:
                try catalogue.fail(job, reason: "no picture", retryAfter: nil, at: moment)
                if isHeld { model.fail(id, retryAt: nil, now: now) }
            default:
                try catalogue.release(job, at: moment)
                if isHeld { model.release(id) }
            }
        case .work(let work): try finish(work)
        }
    }

    private mutating func finish(_ work: WorkLease) throws {
        let expected = try content(of: work).flatMap {
            model.work($0, work.recipe.version, number: work.number)
        }
        switch Int.random(in: 0..<6, using: &random) {
        case 0:
            let failure = WorkFailure(reason: "stuck", retryAfter: .seconds(20))
            let state = try catalogue.fail(work, failure, at: moment)
            #expect((state != nil) == (expected != nil))
            if let expected { model.fail(work: expected, retryAt: now + 20) }
        case 1:
            let failure = WorkFailure(reason: "no picture", retryAfter: nil)
            _ = try catalogue.fail(work, failure, at: moment)
            if let expected { model.fail(work: expected, retryAt: nil) }
        case 2:
            try catalogue.release(work, at: moment)
            if let expected { model.release(work: expected) }
        default:
            let result = CatalogueFixture.result(
                caption: "step \(clock)", tags: [pick(["boat", "sea", "car"])],
                recipe: work.recipe)
            let isStored = try catalogue.complete(work, with: result, at: moment)
            #expect(isStored == (expected != nil))
            guard let expected else { return }
            completions += 1
            if model.works[expected].priority == .redo { replacements += 1 }
            model.complete(expected)
        }
    }

    /// The content that is the asset of a lease, as long as the catalogue has it.
    private func content(of work: WorkLease) throws -> UInt8? {
        try catalogue.read { database in
            try Data.fetchOne(
                database, sql: "SELECT identity FROM asset WHERE id = ?", arguments: [work.asset])
        }?.first
    }

    private mutating func redo() throws {
        recipe = pick(["1", "2", "3"])
        let count = try catalogue.redo(RedoSelection(), wanting: wanted, at: moment)
        #expect(count == model.redo(by: recipe))
    }

    private mutating func forget() throws {
        let directory = pick(["d", "dd", "a/e"])
        let expected = try catalogue.forgetting(under: FilePath("/photos/\(directory)"))
        let outcome = try catalogue.forget(under: FilePath("/photos/\(directory)"), at: moment)
        #expect(outcome == expected)
        #expect(
            outcome.files == model.forget(where: { $0.hasPrefix(directory + "/") }, at: now))
    }

    private mutating func expire() throws {
        if random.oneIn(2) {
            try catalogue.lookedThrough(fixture.root.id, at: moment)
            model.lookedThrough(at: now)
        }
        let deadline = clock - Int64.random(in: 0...60, using: &random)
        _ = try catalogue.removeAll(missingBy: Date(timeIntervalSince1970: Double(deadline)))
        model.removeExpired(before: Double(deadline))
    }

    private mutating func kill() throws {
        catalogue.close()
        catalogue = try Catalogue(at: fixture.path, access: .owner)
        model.kill(at: now)
        // Workers of this process die with it; of others some come back with what they did.
        leases.removeAll { lease in
            if case .work = lease { random.oneIn(2) } else { true }
        }
    }

    // MARK: The comparison

    func compare(_ step: String) throws {
        let files = try rows(
            """
            SELECT CAST(ltrim(CAST(directory || name AS TEXT), '/') AS TEXT) AS name, key,
                missing_since, is_current, hex(substr(identity, 1, 1)) AS content, state, attempts,
                interruptions, not_before
            FROM file JOIN job ON job.file_id = file.id JOIN volume ON volume.id = file.volume_id
            LEFT JOIN asset ON asset.id = asset_id ORDER BY file.id
            """)
        let expectedFiles = model.files.map { file in
            [
                file.name, file.volume, number(file.missingSince), file.isCurrent ? "1" : "0",
                file.asset.map(hex) ?? "", file.state.rawValue, "\(file.attempts)",
                "\(file.interruptions)", number(file.notBefore),
            ].joined(separator: " ")
        }
        #expect(files == expectedFiles, "\(step)")
        let works = try rows(
            """
            SELECT hex(substr(identity, 1, 1)) AS content, version, state, priority, number,
                work.attempts, interruptions, not_before, leased_until
            FROM work JOIN asset ON asset.id = asset_id JOIN recipe ON recipe.id = recipe_id
            ORDER BY work.id
            """)
        let expectedWorks = model.works.map { work in
            [
                hex(work.content), work.recipe, work.state.rawValue, "\(work.priority.rawValue)",
                "\(work.number)", "\(work.attempts)", "\(work.interruptions)",
                number(work.notBefore), number(work.until),
            ].joined(separator: " ")
        }
        #expect(works == expectedWorks, "\(step)")
        let assets = try rows("SELECT hex(substr(identity, 1, 1)) FROM asset ORDER BY identity")
        #expect(assets == model.assets.keys.sorted().map(hex), "\(step)")
        if clock.isMultiple(of: 20) { try catalogue.expectInvariants() }
    }

    private func rows(_ sql: String) throws -> [String] {
        try catalogue.read { database in
            try Row.fetchAll(database, sql: sql).map { row in
                row.databaseValues.map { value in
                    switch value.storage {
                    case .null: ""
                    case .int64(let integer): "\(integer)"
                    case .double(let double): number(double)
                    case .string(let text): text
                    case .blob(let data): String(decoding: data, as: UTF8.self)
                    }
                }.joined(separator: " ")
            }
        }
    }

    private func number(_ value: Double?) -> String { value.map { "\(Int($0))" } ?? "" }

    private func hex(_ content: UInt8) -> String {
        let digits = String(content, radix: 16, uppercase: true)
        return digits.count == 1 ? "0" + digits : digits
    }

    /// Two of three files are copies of others, so that equal contents meet in the queue.
    private mutating func anyContent() -> UInt8 {
        let all = disks.values.flatMap { $0.values.map(\.content) }.sorted()
        guard !random.oneIn(3), let content = all.randomElement(using: &random) else {
            return UInt8.random(in: 1...99, using: &random)
        }
        return content
    }

    private mutating func pick<Choice>(_ choices: [Choice]) -> Choice {
        choices[Int.random(in: 0..<choices.count, using: &random)]
    }
}
