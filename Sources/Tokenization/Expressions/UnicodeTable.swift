/// Which Unicode scalars `\p{…}`, `\d` and `\s` stand for.
///
/// Of the Unicode version of the reference's engine, which is Oniguruma in `tokenizers` 0.23 (fixture
/// `character-classes.json`): a character younger than that is nothing in particular to it.
enum UnicodeTable {
    /// The set that `\p{name}` stands for: a general category or, by one letter, a group of them.
    ///
    /// - Returns: nil for other properties and for what holds unassigned numbers (`C`, `Cn`).
    static func category(named name: String) -> ScalarSet? {
        let members = names.indices.filter { index in
            names[index].name == name || names[index].name.prefix(1) == name && name != "C"
        }
        guard !members.isEmpty else { return nil }
        return ScalarSet(members.flatMap { ranges[$0] })
    }

    /// `\s`: the property White_Space, all of which lies below U+3001.
    static let whiteSpace = ScalarSet(
        (UInt32(0)...0x3000).filter { number in
            Unicode.Scalar(number)?.properties.isWhitespace == true
        }.map { $0...$0 })

    /// General categories by their short names.
    static let names: [(name: String, category: Unicode.GeneralCategory)] = [
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

    /// Stands in `runs` for scalars of none of the categories.
    static let noCategory: UInt32 = 31

    /// Ranges of scalars by general category, in the order of `names`.
    private static let ranges: [[ClosedRange<UInt32>]] = {
        var result = [[ClosedRange<UInt32>]](repeating: [], count: names.count)
        for (run, next) in zip(runs, runs.dropFirst()) where run & 31 != noCategory {
            result[Int(run & 31)].append(run >> 5...(next >> 5) - 1)
        }
        return result
    }()
}
