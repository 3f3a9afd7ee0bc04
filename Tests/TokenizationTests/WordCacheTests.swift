import Testing

@testable import Tokenization

@Suite struct WordCacheTests {
    private let text = Array("abcabdabc".utf8)

    @Test func knowsAWordThatComesAgain() {
        text.withUnsafeBytes { text in
            var cache = WordCache(expecting: 3)
            #expect(cache.ids(of: 0..<3, in: text, 7) == nil)
            cache.insert(0..<3, ids: 4..<6, 7)
            #expect(cache.ids(of: 6..<9, in: text, 7) == 4..<6)
        }
    }

    /// A hash is no proof: the bytes have to be the same.
    @Test func tellsWordsOfTheSameHashApart() {
        text.withUnsafeBytes { text in
            var cache = WordCache(expecting: 3)
            cache.insert(0..<3, ids: 4..<6, 7)
            #expect(cache.ids(of: 3..<6, in: text, 7) == nil)
            #expect(cache.ids(of: 0..<2, in: text, 7) == nil)
            cache.insert(3..<6, ids: 6..<9, 7)
            #expect(cache.ids(of: 3..<6, in: text, 7) == 6..<9)
            #expect(cache.ids(of: 0..<3, in: text, 7) == nil)
        }
    }

    /// A place that was never written must not pass for an empty word with the hash 0.
    @Test func knowsNothingAtFirst() {
        text.withUnsafeBytes { text in
            #expect(WordCache(expecting: 0).ids(of: 0..<1, in: text, 0) == nil)
        }
    }
}
