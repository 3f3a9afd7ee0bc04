import Foundation

/// Unicode's normalization form C, as the reference's tables have it.
///
/// Normalization never changes for text of assigned characters. The reference's tables are older
/// than the system's: to them, a younger character is one that nothing joins, so that it parts what
/// stands before it from what stands behind.
enum CanonicalComposition {
    /// The tables' version of Unicode (`tokenizers` 0.23 with `unicode-normalization-alignments`).
    private static let version = (major: 9, minor: 0)

    /// Before this one every scalar is composed already and joins nothing by itself.
    private static let firstMark: UInt32 = 0x300

    /// From this one on nothing joins; the system's composition takes these for their last 16 bits.
    private static let firstTag: UInt32 = 0xE_0000

    /// The marks that consist of two; the system's composition does not order these among others.
    private static let pairs: [Unicode.Scalar: [Unicode.Scalar]] = [
        "\u{344}": ["\u{308}", "\u{301}"], "\u{F73}": ["\u{F71}", "\u{F72}"],
        "\u{F75}": ["\u{F71}", "\u{F74}"], "\u{F81}": ["\u{F71}", "\u{F80}"],
    ]

    /// Composes a text.
    static func compose(_ scalars: [Unicode.Scalar]) -> [Unicode.Scalar] {
        guard scalars.contains(where: { $0.value >= firstMark }) else { return scalars }
        var result: [Unicode.Scalar] = []
        result.reserveCapacity(scalars.count)
        var run = String.UnicodeScalarView()
        for scalar in scalars {
            guard parts(scalar) else {
                run.append(contentsOf: pairs[scalar] ?? [scalar])
                continue
            }
            append(&run, to: &result)
            if let syllable = HangulSyllable.joining(result.last, scalar) {
                result[result.count - 1] = syllable
            } else {
                result.append(scalar)
            }
        }
        append(&run, to: &result)
        return result
    }

    private static func append(
        _ run: inout String.UnicodeScalarView, to result: inout [Unicode.Scalar]
    ) {
        guard !run.isEmpty else { return }
        result += String(run).precomposedStringWithCanonicalMapping.unicodeScalars
        run = String.UnicodeScalarView()
    }

    /// Whether the system's composition may not see a scalar beside others.
    private static func parts(_ scalar: Unicode.Scalar) -> Bool {
        guard scalar.value >= firstMark else { return false }
        guard scalar.value < firstTag, !HangulSyllable.isLetter(scalar) else { return true }
        guard let age = scalar.properties.age else { return true }
        return (age.major, age.minor) > version
    }
}
