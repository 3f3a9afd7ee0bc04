import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import VectorIndex
@testable import vector_index_filler

@Suite struct VectorIndexWriterTests {
    @Test func appendedRowByRowItEqualsOneBuiltAtOnce() throws {
        let (slow, quick) = (try IndexFixture(rows: 150), try IndexFixture(rows: 150))
        let writer = try VectorIndexWriter(at: slow.path, slow.description)
        for sequence in 1...150 { try writer.append([slow.source.vector(Int64(sequence))]) }
        try quick.build()
        let segments = [slow, quick].map { fixture in
            try? Data(contentsOf: URL(filePath: fixture.path.string)).dropFirst(4096)
        }
        #expect(segments[0] != nil)
        #expect(segments[0] == segments[1])
    }

    @Test func goesOnWhereItStopped() throws {
        let fixture = try IndexFixture(rows: 150)
        try VectorIndexWriter(at: fixture.path, fixture.description)
            .append(fixture.source.vectors(after: nil, limit: 70))
        let writer = try VectorIndexWriter(at: fixture.path, fixture.description)
        #expect(writer.reasonForNew == nil)
        #expect(writer.lastSequence == 70)
        #expect(try !writer.update(from: fixture.source))
        #expect(writer.count == 150)
    }

    @Test func isBuiltAnewWithoutWhatTheSourceHasNoMore() throws {
        let fixture = try IndexFixture(rows: 5000, gone: Set(1...4800))
        let before = SampleVectors(dimension: 40, count: 5000)
        let writer = try VectorIndexWriter(at: fixture.path, fixture.description)
        try writer.update(from: before)
        #expect(try writer.update(from: fixture.source))
        #expect(writer.count == 200)
        #expect(try !writer.update(from: fixture.source))
    }

    @Test func isBuiltAnewWhereTheSourceIsOlder() throws {
        let fixture = try IndexFixture(rows: 100)
        let writer = try VectorIndexWriter(at: fixture.path, fixture.description)
        try writer.update(from: SampleVectors(dimension: 40, count: 120))
        #expect(try writer.update(from: fixture.source))
        #expect(writer.count == 100)
    }

    @Test func isBuiltAnewWhereSomebodyRemovedTheFile() throws {
        let fixture = try IndexFixture(rows: 100)
        let writer = try fixture.build()
        try VectorIndex.discard(at: fixture.path)
        #expect(throws: VectorIndexError.removed(fixture.path)) {
            try writer.append([fixture.source.vector(101)])
        }
        #expect(try writer.update(from: fixture.source))
        #expect(try fixture.open().count == 100)
    }

    @Test func givesUpANewIndexWhenAskedTo() throws {
        let fixture = try IndexFixture(rows: 5000)
        let writer = try VectorIndexWriter(at: fixture.path, fixture.description)
        try writer.append(fixture.source.vectors(after: nil, limit: 10))
        var batches = 0
        try writer.rebuild(from: fixture.source) {
            batches += 1
            return batches > 1
        }
        #expect(try fixture.open().count == 10)
        #expect(writer.count == 10)
    }

    @Test func refusesVectorsThatDoNotFitAndCommitsNoneOfThem() throws {
        let fixture = try IndexFixture(rows: 100)
        let writer = try fixture.build()
        let good = fixture.source.vector(101)
        let changes: [(inout IndexedVector) -> Void] = [
            { $0.values.removeLast() }, { $0.scale = .nan }, { $0.scale = -1 },
            { $0.asset = -1 }, { $0.sequence = 100 }, { $0.scale = .infinity },
        ]
        for change in changes {
            var bad = good
            change(&bad)
            #expect(throws: VectorIndexError.self) { try writer.append([good, bad]) }
        }
        #expect(try fixture.open().count == 100)
    }

    @Test func lacksASecondWriter() throws {
        let fixture = try IndexFixture(rows: 1)
        let writer = try fixture.build()
        #expect(throws: VectorIndexError.busy(fixture.path)) {
            try VectorIndexWriter(at: fixture.path, fixture.description)
        }
        withExtendedLifetime(writer) {}
    }
}
