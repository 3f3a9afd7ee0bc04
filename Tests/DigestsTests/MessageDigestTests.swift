import Digests
import Foundation
import TestSupport
import Testing

@Suite struct MessageDigestTests {
    /// The examples of FIPS 180-4, and the digests of nothing.
    @Test(arguments: [
        (
            MessageDigest.Algorithm.sha256, "abc",
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        ),
        (.sha256, "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        (.sha1, "abc", "a9993e364706816aba3e25717850c26c9cd0d89d"),
        (.sha1, "", "da39a3ee5e6b4b0d3255bfef95601890afd80709"),
    ]) func digestIsTheStandards(
        algorithm: MessageDigest.Algorithm, text: String, expected: String
    ) {
        #expect(MessageDigest.hash(Data(text.utf8), algorithm).hexadecimal == expected)
    }

    @Test func piecesGiveTheDigestOfTheWhole() {
        var generator = SeededGenerator(seed: 14)
        var digest = MessageDigest()
        for _ in 0..<50 {
            let count = Int.random(in: 0...5000, using: &generator)
            let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
            var position = 0
            while position < count {
                let end = Int.random(in: position + 1...count, using: &generator)
                digest.update(Array(bytes[position..<end]))
                position = end
            }
            // Also that it begins anew after each end.
            #expect(digest.finalize() == MessageDigest.hash(bytes))
        }
    }
}
