import LLaVAMini

/// Says how likely a model held each part of what it said.
///
/// An answer and its tokens are laid side by side byte by byte. White space is left out: it may be in a
/// token with the word behind it, and decoding tidies it.
struct PieceProbabilities {
    private let answer: String
    private let pieces: [AnswerPiece]
    /// For each byte of the answer that is no white space the piece that it comes from.
    private let owners: [Int]

    /// Lays an answer's pieces beside it; `nil` where they are not what it consists of.
    init?(_ pieces: [AnswerPiece], of answer: String) {
        var bytes: [UInt8] = []
        var owners: [Int] = []
        for (index, piece) in pieces.enumerated() {
            for byte in piece.bytes where !Self.isSpace(byte) {
                bytes.append(byte)
                owners.append(index)
            }
        }
        guard bytes.elementsEqual(answer.utf8.lazy.filter { !Self.isSpace($0) }) else { return nil }
        (self.answer, self.pieces, self.owners) = (answer, pieces, owners)
    }

    /// The probability of a part of the answer behind what stands before it: the product of those of its
    /// tokens, without those that hold punctuation alone.
    func probability(of part: Substring) -> Double? {
        let start = answer.utf8[..<part.startIndex].count { !Self.isSpace($0) }
        let bytes = part.utf8.filter { !Self.isSpace($0) }
        let words = zip(bytes, owners[start...]).filter { Self.isOfWord($0.0) }.map(\.1)
        guard !words.isEmpty else { return nil }
        return Set(words).reduce(1) { $0 * Double(pieces[$1].probability) }
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (9...13).contains(byte) }

    /// Whether it is a letter or digit of ASCII, or part of any other character.
    private static func isOfWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"), 0x80...:
            true
        default: false
        }
    }
}
