/// Which Unicode scalars `\p{…}`, `\d` and `\s` stand for.
///
/// Read off the standard library once a process, and limited to the Unicode version of the
/// reference's engine: a character younger than that is nothing in particular to it.
enum UnicodeTable {
    /// The version that Oniguruma has in `tokenizers` 0.23 (fixture `character-classes.json`).
    private static let version = (major: 16, minor: 0)

    /// The set that `\p{name}` stands for: a general category or, by one letter, a group of them.
    ///
    /// - Returns: nil for other properties and for what holds unassigned numbers (`C`, `Cn`).
    static func category(named name: String) -> ScalarSet? {
        let members = names.filter { entry in
            entry.name == name || entry.name.prefix(1) == name && name != "C"
        }
        guard !members.isEmpty else { return nil }
        return ScalarSet(members.flatMap { ranges[$0.category] ?? [] })
    }

    /// `\s`: the property White_Space, all of which lies below U+3001.
    static let whiteSpace = ScalarSet(
        (UInt32(0)...0x3000).filter { number in
            Unicode.Scalar(number)?.properties.isWhitespace == true
        }.map { $0...$0 })

    private static let names: [(name: String, category: Unicode.GeneralCategory)] = [
        ("Lu", .uppercaseLetter), ("Ll", .lowercaseLetter), ("Lt", .titlecaseLetter),
        ("Lm", .modifierLetter), ("Lo", .otherLetter), ("Mn", .nonspacingMark),
        ("Mc", .spacingMark), ("Me", .enclosingMark), ("Nd", .decimalNumber),
        ("Nl", .letterNumber), ("No", .otherNumber), ("Pc", .connectorPunctuation),
        ("Pd", .dashPunctuation), ("Ps", .openPunctuation), ("Pe", .closePunctuation),
        ("Pi", .initialPunctuation), ("Pf", .finalPunctuation), ("Po", .otherPunctuation),
        ("Sm", .mathSymbol), ("Sc", .currencySymbol), ("Sk", .modifierSymbol),
        ("So", .otherSymbol), ("Zs", .spaceSeparator), ("Zl", .lineSeparator),
        ("Zp", .paragraphSeparator), ("Cc", .control), ("Cf", .format),
    ]

    /// Outside these, `version` has private use only; asking a million scalars more takes time.
    private static let assigned: [ClosedRange<UInt32>] = [0...0x3_FFFF, 0xE_0000...0xE_01FF]

    /// Ranges of scalars by general category.
    private static let ranges: [Unicode.GeneralCategory: [ClosedRange<UInt32>]] = {
        var result: [Unicode.GeneralCategory: [ClosedRange<UInt32>]] = [:]
        for plane in assigned {
            var start = plane.lowerBound
            var current = category(of: start)
            for number in plane.dropFirst() {
                let next = category(of: number)
                guard next != current else { continue }
                result[current, default: []].append(start...number - 1)
                (start, current) = (number, next)
            }
            result[current, default: []].append(start...plane.upperBound)
        }
        return result
    }()

    private static func category(of number: UInt32) -> Unicode.GeneralCategory {
        guard let properties = Unicode.Scalar(number)?.properties, let age = properties.age,
            (age.major, age.minor) <= version
        else { return .unassigned }
        return properties.generalCategory
    }
}
