/// How the letters of Hangul join to syllables (The Unicode Standard, 3.12).
///
/// The system's composition joins no letter to a syllable that is there, and takes the letters right behind
/// those that begin, follow and end one for such.
enum HangulSyllable {
    private static let syllables: ClosedRange<UInt32> = 0xAC00...0xD7A3
    private static let beginnings: ClosedRange<UInt32> = 0x1100...0x1112
    private static let vowels: ClosedRange<UInt32> = 0x1161...0x1175
    private static let endings: ClosedRange<UInt32> = 0x11A8...0x11C2

    /// How many syllables share a beginning and a vowel: one without an ending, and one with each.
    private static let endingCount: UInt32 = 28

    /// Whether a scalar is one of the letters that syllables consist of, or among these.
    static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        (0x1100...0x11FF).contains(scalar.value)
    }

    /// What a letter makes of the scalar right before it; `nil` where the two do not join.
    static func joining(_ last: Unicode.Scalar?, _ letter: Unicode.Scalar) -> Unicode.Scalar? {
        guard let last = last?.value else { return nil }
        if beginnings.contains(last), vowels.contains(letter.value) {
            let pair =
                (last - beginnings.lowerBound) * UInt32(vowels.count) + letter.value
                - vowels.lowerBound
            return Unicode.Scalar(syllables.lowerBound + pair * endingCount)
        }
        let isOpen =
            syllables.contains(last) && (last - syllables.lowerBound).isMultiple(of: endingCount)
        guard isOpen, endings.contains(letter.value) else { return nil }
        return Unicode.Scalar(last + letter.value - endings.lowerBound + 1)
    }
}
