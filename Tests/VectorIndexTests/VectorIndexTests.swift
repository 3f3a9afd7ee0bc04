import SystemPackage
import TestSupport
import Testing

@testable import VectorIndex

@Suite struct VectorIndexTests {
    @Test func findsWhatExactProductsFind() throws {
        var random = SeededGenerator(seed: 1)
        for round in 0..<30 {
            let fixture = try IndexFixture(
                dimension: Int.random(in: 1...130, using: &random),
                rows: Int.random(in: 0...700, using: &random),
                rowsPerAsset: Int64.random(in: 1...5, using: &random))
            try fixture.build()
            let index = try fixture.open()
            let query = fixture.query(round)
            let (count, isGrouped) = (Int.random(in: 0...20, using: &random), round % 2 == 0)
            let allowed =
                round % 3 == 0
                ? try AssetSet((0..<200).filter { _ in Bool.random(using: &random) }) : nil
            let found = try index.nearest(
                to: query, count: count, among: allowed, bestOfEachAsset: isGrouped)
            let expected = fixture.exact(
                query, count: count, among: allowed, bestOfEachAsset: isGrouped)
            #expect(agree(found.hits, expected), "round \(round)")
        }
    }

    @Test func estimatesFindNearlyAllOfTheBestWhereNotAllRowsAreMultipliedOut() throws {
        let fixture = try IndexFixture(dimension: 64, rows: 12_000, segmentRows: 1024)
        try fixture.build()
        let index = try fixture.open()
        var (found, scored) = (0, 0)
        for number in 0..<20 {
            let query = fixture.query(number)
            let answer = try index.nearest(to: query, count: 10)
            let expected = fixture.exact(query, count: 10)
            found += Set(answer.hits.map(\.asset)).intersection(expected.map(\.asset)).count
            scored += answer.scoredRows
        }
        #expect(found >= 198)
        #expect(scored < 20 * 9000)
    }

    @Test func whatCannotReachTheLeastIsNotMultipliedOutAndTheOthersAreFound() throws {
        let fixture = try IndexFixture(dimension: 64, rows: 12_000, segmentRows: 1024)
        try fixture.build()
        let index = try fixture.open()
        var (found, wanted) = (0, 0)
        for number in 0..<10 {
            let query = fixture.query(number)
            let expected = fixture.exact(query, count: 40)
            let least = expected.last?.similarity ?? 0
            let answer = try index.nearest(to: query, count: 2000, atLeast: least)
            let all = try index.nearest(to: query, count: 2000)
            found += Set(answer.hits.map(\.asset)).intersection(expected.map(\.asset)).count
            wanted += expected.count
            #expect(answer.scoredRows < all.scoredRows)
        }
        #expect(found >= wanted * 98 / 100)
    }

    @Test func backgroundIsTheQuerysDistributionOverTheLibrary() throws {
        let fixture = try IndexFixture(rows: 900)
        try fixture.build()
        let query = fixture.query(3)
        let all = fixture.exact(query, count: .max).map { Double($0.similarity) }
        let mean = all.reduce(0, +) / Double(all.count)
        let background = try fixture.open().nearest(to: query, count: 1).background
        #expect(background.count == 900)
        #expect(abs(background.mean - mean) < 1e-5)
        #expect(background.deviation > 0)
    }

    @Test(arguments: [[], [Float](repeating: 1, count: 39), [Float](repeating: .nan, count: 40)])
    func refusesAQueryThatIsNone(_ query: [Float]) throws {
        let fixture = try IndexFixture(rows: 10)
        try fixture.build()
        let index = try fixture.open()
        #expect(throws: VectorIndexError.self) { try index.nearest(to: query, count: 1) }
    }

    @Test func seesWhatIsAppendedAfterARefreshAndNothingBefore() throws {
        let fixture = try IndexFixture(rows: 300)
        let writer = try VectorIndexWriter(at: fixture.path, fixture.description)
        try writer.append(fixture.source.vectors(after: nil, limit: 100))
        let index = try fixture.open()
        try writer.append(fixture.source.vectors(after: 100, limit: 200))
        #expect(index.count == 100)
        #expect(try index.refresh())
        #expect(index.count == 300)
        #expect(index.lastSequence == 300)
        let query = fixture.query(1)
        #expect(agree(try index.nearest(to: query, count: 5).hits, fixture.exact(query, count: 5)))
    }

    @Test func tellsThatItWasBuiltAnewOrRemovedAndServesMeanwhile() throws {
        let fixture = try IndexFixture(rows: 200)
        let writer = try fixture.build()
        let index = try fixture.open()
        try writer.rebuild(from: fixture.source)
        #expect(try !index.refresh())
        let query = fixture.query(2)
        #expect(agree(try index.nearest(to: query, count: 5).hits, fixture.exact(query, count: 5)))
        let other = try fixture.open()
        try VectorIndex.discard(at: fixture.path)
        #expect(try !other.refresh())
        #expect(throws: VectorIndexError.missing(fixture.path)) { try fixture.open() }
    }
}
