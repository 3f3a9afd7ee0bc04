import Testing

@testable import Finding

@Suite struct DirectionTests {
    @Test func eachCountsTheSameHoweverLongItIs() throws {
        let mean = try #require(Direction(meanOf: [[10, 0], [0, 0.1]]))
        #expect(zip(mean.numbers, [0.70710677, 0.70710677]).allSatisfy { abs($0 - $1) < 1e-6 })
    }

    @Test(
        arguments: [[], [[0, 0]], [[1, 0], [-1, 0]], [[.nan, 1]], [[.infinity, 0]]] as [[[Float]]])
    func nothingPointsNowhere(vectors: [[Float]]) {
        #expect(Direction(meanOf: vectors) == nil)
    }

    @Test func whatHasAnotherLengthDoesNotCount() {
        #expect(Direction(meanOf: [[1, 0], [0, 1, 0], [0, 0]])?.numbers == [1, 0])
    }
}
