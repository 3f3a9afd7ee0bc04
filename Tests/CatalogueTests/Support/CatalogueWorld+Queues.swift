@testable import Catalogue
import FileSystem
import Foundation
import GRDB
import SystemPackage
import Testing
import WorkQueue

/// What workers, people and the owner do.
extension CatalogueWorld {
    mutating func lease() throws {
        guard leases.count < 6 else { return }
        let job = try catalogue.leaseNext(at: moment)
        let expected = model.next(at: now)
        #expect(job?.relativePath.string == expected?.name)
        guard let job, let expected else { return }
        #expect(job.volume.key == expected.volume)
        #expect(job.attempt == expected.attempts + 1)
        leases.append(.job(job, id: expected.id, lease: model.lease(expected.id)))
    }

    mutating func leaseWork() throws {
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

    mutating func identify() throws {
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

    mutating func finish() throws {
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

    mutating func finish(_ work: WorkLease) throws {
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
                caption: "step \(clock)", tags: [ModelTag(pick(["boat", "sea", "car"]))],
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
    func content(of work: WorkLease) throws -> UInt8? {
        try catalogue.read { database in
            try Data.fetchOne(
                database, sql: "SELECT identity FROM asset WHERE id = ?", arguments: [work.asset])
        }?.first
    }

    mutating func redo() throws {
        recipe = pick(["1", "2", "3"])
        let count = try catalogue.redo(RedoSelection(), wanting: wanted, at: moment)
        #expect(count == model.redo(by: recipe))
    }

    mutating func forget() throws {
        let directory = pick(["d", "dd", "a/e"])
        let expected = try catalogue.forgetting(under: FilePath("/photos/\(directory)"))
        let outcome = try catalogue.forget(under: FilePath("/photos/\(directory)"), at: moment)
        #expect(outcome == expected)
        #expect(
            outcome.files == model.forget(where: { $0.hasPrefix(directory + "/") }, at: now))
    }

    mutating func expire() throws {
        if random.oneIn(2) {
            try catalogue.lookedThrough(fixture.root.id, at: moment)
            model.lookedThrough(at: now)
        }
        let deadline = clock - Int64.random(in: 0...60, using: &random)
        _ = try catalogue.removeAll(missingBy: Date(timeIntervalSince1970: Double(deadline)))
        model.removeExpired(before: Double(deadline))
    }

    mutating func kill() throws {
        catalogue.close()
        catalogue = try Catalogue(at: fixture.path, access: .owner)
        model.kill(at: now)
        // Workers of this process die with it; of others some come back with what they did.
        leases.removeAll { lease in
            if case .work = lease { random.oneIn(2) } else { true }
        }
    }
}
