import Testing

@testable import Tokenization

@Suite struct WordMergerTests {
    /// An encoder whose byte b has the id b, with merges of (left, right, joined).
    private func encoder(_ merges: [(Int32, Int32, Int32)]) -> BytePairEncoder {
        var table = MergeTable(capacity: merges.count)
        for merge in merges { table.append(merge.0, merge.1, joined: merge.2) }
        let bytes = (0..<256).map(Int32.init)
        table.prepare(forBytes: bytes)
        return BytePairEncoder(
            byteIDs: bytes, words: ByteStringTable(), merges: table, takesWholeWords: false)
    }

    private func ids(_ word: [UInt8], _ encoder: BytePairEncoder) -> [Int] {
        var merger = WordMerger()
        var ids: [Int] = []
        // Twice: what the first word leaves behind must not touch the second.
        for _ in 0..<2 {
            ids.removeAll()
            word.withUnsafeBytes { merger.merge($0, with: encoder, into: &ids) }
        }
        return ids
    }

    @Test func joinsTheLeftmostOfEquals() {
        #expect(ids([1, 1, 1], encoder([(1, 1, 300)])) == [300, 1])
    }

    @Test func joinsTheEarlierMergeFirst() {
        let encoder = encoder([(2, 3, 300), (1, 2, 301)])
        #expect(ids([1, 2, 3], encoder) == [1, 300])
    }

    /// The pair (1, 2) was queued before its right half joined something else.
    @Test func dropsWhatHasChangedSince() {
        let encoder = encoder([(2, 3, 300), (1, 2, 301), (1, 300, 302)])
        #expect(ids([1, 2, 3], encoder) == [302])
        #expect(ids([1, 2], encoder) == [301])
    }

    @Test func leavesWhatNothingJoins() {
        #expect(ids([9, 8, 7], encoder([])) == [9, 8, 7])
        #expect(ids([], encoder([])).isEmpty)
    }
}
