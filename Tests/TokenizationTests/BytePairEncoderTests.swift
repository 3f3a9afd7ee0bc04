import SystemPackage
import TestSupport
import Testing

@testable import Tokenization

@Suite struct BytePairEncoderTests {
    private let merging: BytePairEncoder

    init() throws {
        let json = try contents(of: Fixtures.oracle.appending("tokenizer.json"))
        let model = try json.withUnsafeBytes { try TokenizerDefinition(json: $0) }.model
        let encoder = try BytePairEncoder(model)
        merging = BytePairEncoder(
            byteIDs: encoder.byteIDs, words: encoder.words, merges: encoder.merges,
            takesWholeWords: false)
    }

    /// The definition, step by step: the earliest merge of all neighbours, the leftmost of equals.
    private func slowly(_ bytes: [UInt8]) -> [Int] {
        var ids = bytes.map { merging.byteIDs[Int($0)] }
        while true {
            let candidates = ids.indices.dropLast().compactMap { index in
                merging.merges.rank(ids[index], ids[index + 1])
                    .map { (rank: $0, index: index, id: merging.merges.id($0)) }
            }
            guard let best = candidates.min(by: { ($0.rank, $0.index) < ($1.rank, $1.index) })
            else { return ids.map(Int.init) }
            ids.replaceSubrange(best.index...best.index + 1, with: [best.id])
        }
    }

    private func ids(_ bytes: [UInt8], _ encoder: BytePairEncoder) -> [Int] {
        var ids: [Int] = []
        bytes.withUnsafeBytes { encoder.encode($0, from: 0, ends: [bytes.count], into: &ids) }
        return ids
    }

    @Test func joinsAsTheDefinitionSays() {
        var generator = SeededGenerator(seed: 5)
        let letters = Array(" theraonisd".utf8)
        for _ in 0..<1000 {
            let count = Int.random(in: 0...30, using: &generator)
            let word = (0..<count).map { _ in
                letters[Int.random(in: 0..<letters.count, using: &generator)]
            }
            #expect(ids(word, merging) == slowly(word))
        }
    }

    /// Words that come again, and more of them than the cache holds, beside words on their own.
    @Test func encodesManyWordsAsEachAlone() {
        var generator = SeededGenerator(seed: 7)
        let letters = Array(" theraonisd".utf8)
        var text: [UInt8] = [0xFF]
        var ends: [Int] = []
        var expected: [Int] = []
        for _ in 0..<3000 {
            let count = Int.random(in: 1...6, using: &generator)
            let word = (0..<count).map { _ in
                letters[Int.random(in: 0..<letters.count, using: &generator)]
            }
            text += word
            ends.append(text.count)
            expected += slowly(word)
        }
        var ids: [Int] = []
        text.withUnsafeBytes { merging.encode($0, from: 1, ends: ends, into: &ids) }
        #expect(ids == expected)
    }

    @Test func takesWholeWordsWhereTheModelSaysSo() throws {
        let word = Array("zqxj".utf8)
        var words = merging.words
        let isNew = words.insert(word, value: 7)
        #expect(isNew)
        for takesWholeWords in [true, false] {
            let encoder = BytePairEncoder(
                byteIDs: merging.byteIDs, words: words, merges: merging.merges,
                takesWholeWords: takesWholeWords)
            #expect(ids(word, encoder) == (takesWholeWords ? [7] : slowly(word)))
            #expect(ids(word + [0xFF], encoder) == slowly(word + [0xFF]))
        }
    }
}
