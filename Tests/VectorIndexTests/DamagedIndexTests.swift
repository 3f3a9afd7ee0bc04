import Foundation
import SystemPackage
import TestSupport
import Testing
import VectorIndex

/// Files that are older, foreign, cut or damaged: never a wrong answer, never a crash, built anew.
@Suite struct DamagedIndexTests {
    private let fixture: IndexFixture
    private let bytes: [UInt8]

    init() throws {
        fixture = try IndexFixture(rows: 200)
        try fixture.build()
        bytes = Array(try Data(contentsOf: URL(filePath: fixture.path.string)))
    }

    /// Puts other bytes into the place of the index, as another file.
    private func replace(_ bytes: [UInt8]) throws {
        try FileManager.default.removeItem(atPath: fixture.path.string)
        try Data(bytes).write(to: URL(filePath: fixture.path.string))
    }

    /// What a search answers; `nil` where it asks for building anew.
    private func answer(_ query: [Float]) throws -> [VectorHit]? {
        do {
            return try fixture.open().nearest(to: query, count: 10).hits
        } catch let error as VectorIndexError where error.asksForRebuild {
            return nil
        }
    }

    private func expectRebuilt() throws {
        try fixture.build()
        let query = fixture.query(1)
        #expect(agree(try answer(query) ?? [], fixture.exact(query, count: 10)))
    }

    @Test(arguments: [0, 1, 100, 4095, 4096, 5000, 20_000])
    func cutFileIsBuiltAnew(_ length: Int) throws {
        try replace(Array(bytes.prefix(length)))
        #expect(try answer(fixture.query(1)) == nil)
        try expectRebuilt()
    }

    @Test func fileOfAnotherVersionCatalogueOrDimensionIsBuiltAnew() throws {
        for (place, value) in [(8, 2), (12, 41), (24, 65), (0, 0)] as [(Int, UInt8)] {
            var changed = bytes
            changed[place] = value
            try replace(changed)
            #expect(try answer(fixture.query(1)) == nil)
            #expect(try VectorIndexWriter(at: fixture.path, fixture.description).count == 0)
            try expectRebuilt()
        }
        let other = try IndexDescription(identity: "other", dimension: 40)
        #expect(throws: VectorIndexError.self) { try VectorIndex(at: fixture.path, other) }
        #expect(try VectorIndexWriter(at: fixture.path, other).count == 0)
    }

    @Test func whatIsNoFileIsBuiltAnewOrNamed() throws {
        try replace(Array("SQLite format 3\0".utf8))
        try expectRebuilt()
        try FileManager.default.removeItem(atPath: fixture.path.string)
        #expect(fixture.path.withPlatformString { mkfifo($0, 0o600) } == 0)
        #expect(try answer(fixture.query(1)) == nil)
        try expectRebuilt()
    }

    @Test func everyChangedByteIsFoundOutOrChangesNothing() throws {
        var random = SeededGenerator(seed: 3)
        let query = fixture.query(5)
        let expected = fixture.exact(query, count: 10)
        var refusals = 0
        for _ in 0..<600 {
            var changed = bytes
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let place = Int.random(in: 0..<changed.count, using: &random)
                changed[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            }
            try replace(changed)
            if let hits = try answer(query) {
                #expect(agree(hits, expected))
            } else {
                refusals += 1
            }
        }
        #expect(refusals > 300)
    }

    @Test func mutatedFilesNeverGiveAWrongAnswer() throws {
        var random = SeededGenerator(seed: 4)
        let query = fixture.query(6)
        let expected = fixture.exact(query, count: 10)
        for _ in 0..<200 {
            try replace(mutated(bytes, using: &random))
            if let hits = try answer(query) { #expect(agree(hits, expected)) }
        }
        try expectRebuilt()
    }

    @Test func tornCommitLeavesTheOneBefore() throws {
        var changed = bytes
        // The commit of the build is the first after the empty one.
        changed[576 + 8] ^= 0xFF
        try replace(changed)
        #expect(try fixture.open().count == 0)
        try expectRebuilt()
    }
}
