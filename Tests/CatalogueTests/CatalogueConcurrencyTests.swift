@testable import Catalogue
import FileSystem
import Foundation
import Synchronization
import SystemPackage
import Testing
import WorkQueue

/// Several processes at one catalogue, each played by a thread with a connection of its own.
@Suite struct CatalogueConcurrencyTests {
    @Test func neverTellsAReaderThatTheCatalogueIsLocked() throws {
        let fixture = try CatalogueFixture()
        try fixture.observe("first.jpg")
        let isWriting = Mutex(true)
        let readings = Mutex(0)
        let path = fixture.path
        let failures = inThreads([
            {
                for index in 0..<120 {
                    let name = FilePath("\(index).jpg")
                    try fixture.observe(
                        .settled(name, CatalogueFixture.status(UInt64(index + 2))))
                    try fixture.describeNext(as: UInt8(index % 250))
                }
                isWriting.withLock { $0 = false }
            },
            { try read(path, whileTrue: isWriting, counting: readings, reopening: false) },
            { try read(path, whileTrue: isWriting, counting: readings, reopening: true) },
        ])
        #expect(failures.isEmpty, "\(failures)")
        #expect(readings.withLock { $0 } > 0)
        try fixture.catalogue.checkIntegrity()
    }

    @Test func letsVisitorsAndTheOwnerWriteInTurns() throws {
        let fixture = try CatalogueFixture()
        let path = fixture.path
        let failures = inThreads([
            {
                for index in 0..<150 {
                    let name = FilePath("\(index).jpg")
                    try fixture.observe(.settled(name, CatalogueFixture.status(UInt64(index))))
                }
            },
            { try visit(path, roots: "a") }, { try visit(path, roots: "b") },
        ])
        #expect(failures.isEmpty, "\(failures)")
        #expect(try fixture.catalogue.pending().total == 150)
        #expect(try fixture.catalogue.roots().count == 1 + 2 * 50)
        try fixture.catalogue.checkIntegrity()
    }

    @Test func lendsEachJobToOneWorkerOnly() throws {
        let fixture = try CatalogueFixture()
        let observations = (0..<120).map {
            FileObservation.settled(
                FilePath("\($0).jpg"), CatalogueFixture.status(UInt64($0)))
        }
        _ = try fixture.catalogue.observe(observations, in: fixture.root.id)
        let described = Mutex<[Int64]>([])
        let work: @Sendable () throws -> Void = {
            while let job = try fixture.catalogue.leaseNext() {
                // Every content is in four files, which different threads have in hand at once.
                let facts = CatalogueFixture.facts(UInt8(job.status.inode / 4))
                guard
                    case .needsDescription(let work) = try fixture.catalogue.identified(
                        job, as: facts, wanting: CatalogueFixture.recipe)
                else { continue }
                described.withLock { $0.append(work.asset) }
                _ = try fixture.catalogue.complete(work, with: CatalogueFixture.result())
            }
        }
        let failures = inThreads([work, work, work, work])
        #expect(failures.isEmpty, "\(failures)")
        let assets = described.withLock { $0 }
        #expect(assets.count == 30)
        #expect(Set(assets).count == 30)
        #expect(try fixture.catalogue.pending().total == 0)
        try fixture.catalogue.expectInvariants()
    }
}

private func read(
    _ path: FilePath, whileTrue isWriting: borrowing Mutex<Bool>,
    counting readings: borrowing Mutex<Int>, reopening: Bool
) throws {
    var reader = try Catalogue(at: path, access: .reader)
    while isWriting.withLock({ $0 }) {
        if reopening { reader = try Catalogue(at: path, access: .reader) }
        _ = try reader.search(SearchQuery("boat", limit: 3))
        _ = try reader.show("/photos/first.jpg")
        _ = try reader.status()
        readings.withLock { $0 += 1 }
    }
}

private func visit(_ path: FilePath, roots prefix: String) throws {
    for index in 0..<50 {
        let visitor = try Catalogue(at: path, access: .visitor)
        _ = try visitor.root(at: FilePath("/\(prefix)/\(index)"))
        _ = try visitor.retry(.all)
        visitor.close()
    }
}

/// Runs each body on a thread of its own and waits for all; what they threw, in words.
private func inThreads(_ bodies: [@Sendable () throws -> Void]) -> [String] {
    let failures = Mutex<[String]>([])
    let group = DispatchGroup()
    for body in bodies {
        group.enter()
        Thread {
            do {
                try body()
            } catch {
                failures.withLock { $0.append("\(error)") }
            }
            group.leave()
        }.start()
    }
    group.wait()
    return failures.withLock { $0 }
}
