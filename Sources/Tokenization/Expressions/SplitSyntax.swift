/// A regular expression of the kind that cuts texts into pre-tokens, parsed.
indirect enum SplitSyntax: Equatable, Sendable {
    /// Why an expression is not for this engine, though it may be one.
    struct Unsupported: Error, CustomStringConvertible {
        let description: String
    }

    /// One scalar of a set.
    case scalar(ScalarSet)
    /// Nothing, where the next scalar is one of a set or, negated, is none of it.
    ///
    /// The end of the text is no scalar: the negated form holds there.
    case lookahead(ScalarSet, isNegated: Bool)
    /// One after the other; matches nothing where empty.
    case sequence([SplitSyntax])
    /// The first that lets the whole expression match.
    case alternatives([SplitSyntax])
    /// At least `minimum` times and at most `maximum` (nil: any number of) times; as often as
    /// possible first or, if lazy, as rarely as possible first.
    case repetition(SplitSyntax, minimum: Int, maximum: Int?, isLazy: Bool)

    /// Whether it can match without taking a scalar.
    var isNullable: Bool {
        switch self {
        case .scalar: false
        case .lookahead: true
        case .sequence(let parts): parts.allSatisfy(\.isNullable)
        case .alternatives(let parts): parts.contains(where: \.isNullable)
        case .repetition(let body, let minimum, _, _): minimum == 0 || body.isNullable
        }
    }
}
