import Testing

@testable import Finding

@Suite struct ReciprocalRankTests {
    @Test func placesOfAllListsAddUp() {
        let fused = ReciprocalRank.fuse([[7, 3, 9], [3, 5]])
        #expect(fused.map(\.asset) == [3, 7, 5, 9])
        #expect(abs(fused[0].score - (1 / 62.0 + 1 / 61.0)) < 1e-12)
    }

    @Test func ofEqualsTheLaterComesFirst() {
        #expect(ReciprocalRank.fuse([[1], [2]]).map(\.asset) == [2, 1])
        #expect(ReciprocalRank.fuse([[], []]).isEmpty)
    }
}
