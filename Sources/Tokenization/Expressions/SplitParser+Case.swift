/// What `(?i:…)` adds.
extension SplitParser {
    /// Letters outside ASCII whose other case is an ASCII letter (Unicode, CaseFolding.txt).
    private static let foldedToASCII: [(letter: UInt32, other: UInt32)] = [
        (0x73, 0x17F), (0x53, 0x17F), (0x6B, 0x212A), (0x4B, 0x212A),
    ]

    /// The set, with the other case of its letters where case is ignored.
    func folded(_ set: ScalarSet) throws(SplitSyntax.Unsupported) -> ScalarSet {
        guard ignoresCase else { return set }
        guard let last = set.ranges.last, last.upperBound < 0x80 else {
            throw unsupported("a letter outside ASCII whose case is to be ignored")
        }
        var result = set
        for number in set.ranges.joined() {
            switch number {
            case 0x41...0x5A: result = result.union(ScalarSet([number + 0x20...number + 0x20]))
            case 0x61...0x7A: result = result.union(ScalarSet([number - 0x20...number - 0x20]))
            default: break
            }
            for entry in Self.foldedToASCII where entry.letter == number {
                result = result.union(ScalarSet([entry.other...entry.other]))
            }
        }
        return result
    }

    /// Refuses two letters that are one character in another case: "ss" and "ß", "fi" and "ﬁ".
    func checkFolding(
        of scalar: Unicode.Scalar, after before: Unicode.Scalar?
    ) throws(SplitSyntax.Unsupported) {
        guard ignoresCase, let before else { return }
        let pair = "\(before)\(scalar)".lowercased()
        if ["ss", "st", "ff", "fi", "fl"].contains(pair) {
            throw unsupported("letters that case folding joins")
        }
    }
}
