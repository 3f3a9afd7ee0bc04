import Foundation
import SystemPackage
import TestSupport
import Testing
import VectorIndex

@testable import vector_index_filler

/// The built program that fills an index, killed at random moments, and read meanwhile.
@Suite struct KilledWriterTests {
    private static let kills =
        ProcessInfo.processInfo.environment["VIGNETTE_SOAK"] == nil ? 12 : 200

    private let fixture: IndexFixture

    init() throws {
        fixture = try IndexFixture(dimension: 64, rows: 3000, segmentRows: 128)
    }

    private func filler(_ more: String...) throws -> RunningProgram {
        let numbers = [
            fixture.path.string, "64", "128", "\(fixture.source.count)", "37",
        ]
        return try RunningProgram(
            ProgramLaunch(
                try BuildProducts.program("vector-index-filler"),
                (numbers + more).map { ProgramArgument($0) },
                environment: ProcessInfo.processInfo.environment))
    }

    /// What is committed must be the source's first rows, whole.
    private func expectWhole() throws -> Int {
        let index: VectorIndex
        do {
            index = try fixture.open()
        } catch VectorIndexError.missing {
            return 0
        }

        let part = try IndexFixture(dimension: 64, rows: index.count)
        let query = part.query(index.count)
        let found = try index.nearest(to: query, count: 10).hits
        #expect(agree(found, part.exact(query, count: 10)), "\(index.count) rows")
        return index.count
    }

    @Test func killedWhileAppendingItGoesOnWithoutLoss() async throws {
        var random = SeededGenerator(seed: 7)
        var rows = 0
        for _ in 0..<Self.kills where rows < fixture.source.count {
            let program = try filler()
            let target = rows + Int.random(in: 0...300, using: &random)
            try await eventually("\(target) rows", every: .milliseconds(1)) {
                guard program.isRunning else { return true }
                return (try? fixture.open().count) ?? 0 >= target
            }
            _ = try await program.stop(SIGKILL)
            let after = try expectWhole()
            #expect(after >= rows)
            rows = after
        }
        let result = try await filler().result()
        #expect(result.status == 0)
        #expect(try expectWhole() == fixture.source.count)
    }

    @Test func killedWhileBuiltAnewTheOldOneServes() async throws {
        try fixture.build()
        var random = SeededGenerator(seed: 8)
        let beside = fixture.path.string + ".new"
        for _ in 0..<Self.kills {
            let program = try filler("rebuild")
            let size = Int.random(in: 4096...300_000, using: &random)
            try await eventually("\(size) bytes", every: .milliseconds(1)) {
                guard program.isRunning else { return true }
                let facts = try? FileManager.default.attributesOfItem(atPath: beside)
                return (facts?[.size] as? Int ?? 0) >= size
            }
            _ = try await program.stop(SIGKILL)
            #expect(try expectWhole() == fixture.source.count)
        }
    }

    @Test func readerBesideTheWriterSeesWholeRowsOnly() async throws {
        try VectorIndexWriter(at: fixture.path, fixture.description)
            .append(fixture.source.vectors(after: nil, limit: 1))
        let index = try fixture.open()
        let program = try filler()
        var (counts, last) = (Set<Int>(), 0)
        while last < fixture.source.count {
            let isRunning = program.isRunning
            #expect(try index.refresh())
            let query = fixture.query(counts.count)
            let part = try IndexFixture(dimension: 64, rows: index.count)
            #expect(
                agree(
                    try index.nearest(to: query, count: 5).hits, part.exact(query, count: 5)))
            counts.insert(index.count)
            if !isRunning, index.count == last { break }
            last = index.count
        }
        #expect(try await program.result().status == 0)
        #expect(last == fixture.source.count)
    }
}
