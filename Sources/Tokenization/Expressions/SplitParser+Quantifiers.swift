extension SplitParser {
    private struct Quantifier {
        var minimum: Int
        var maximum: Int?
        /// `{2,3}`, behind which Oniguruma reads `+` as another quantifier.
        var isInterval = false
    }

    /// The most repetitions that are written out; the engine's own limits bound their product.
    private static let maximumCount = 1000

    /// Reads the quantifier behind an atom, if one is there.
    mutating func quantified(_ atom: SplitSyntax) throws(SplitSyntax.Unsupported) -> SplitSyntax {
        guard let quantifier = try quantifier() else { return atom }
        if atom.isNullable, quantifier.maximum != 1 {
            // Engines differ in when they leave a loop that takes nothing.
            throw unsupported("a repetition of what may be empty")
        }
        let isLazy = take("?")
        let isPossessive = !isLazy && take("+")
        if quantifier.isInterval, isLazy || isPossessive {
            throw unsupported("a lazy or possessive interval")
        }
        guard !["*", "+", "?", "{"].contains(next) else {
            throw unsupported("a quantifier of a quantifier")
        }
        let repetition = SplitSyntax.repetition(
            atom, minimum: quantifier.minimum, maximum: quantifier.maximum, isLazy: isLazy)
        return isPossessive ? try possessive(atom, quantifier) : repetition
    }

    /// Never gives a character back: so that what follows is none of the set, or the most allowed.
    private func possessive(
        _ atom: SplitSyntax, _ quantifier: Quantifier
    ) throws(SplitSyntax.Unsupported) -> SplitSyntax {
        guard case .scalar(let set) = atom else {
            throw unsupported("a possessive quantifier of more than one character")
        }
        let stop = SplitSyntax.lookahead(set, isNegated: true)
        guard quantifier.maximum == nil else { return .alternatives([atom, stop]) }
        return .sequence([
            .repetition(atom, minimum: quantifier.minimum, maximum: nil, isLazy: false), stop,
        ])
    }

    private mutating func quantifier() throws(SplitSyntax.Unsupported) -> Quantifier? {
        if take("*") { return Quantifier(minimum: 0, maximum: nil) }
        if take("+") { return Quantifier(minimum: 1, maximum: nil) }
        if take("?") { return Quantifier(minimum: 0, maximum: 1) }
        guard take("{") else { return nil }
        guard let minimum = number() else { throw unsupported("an interval without a beginning") }
        var maximum: Int? = minimum
        if take(",") {
            maximum = number()
            guard minimum <= maximum ?? minimum else { throw unsupported("an interval backwards") }
        }
        guard take("}") else { throw unsupported("an interval without an end") }
        return Quantifier(minimum: minimum, maximum: maximum, isInterval: true)
    }

    /// Reads digits; nil where there are none or the number is too large.
    private mutating func number() -> Int? {
        var value: Int?
        while let digit = next.flatMap({ Int(String($0)) }), (value ?? 0) <= Self.maximumCount {
            value = (value ?? 0) * 10 + digit
            position += 1
        }
        return value.flatMap { $0 <= Self.maximumCount ? $0 : nil }
    }
}
