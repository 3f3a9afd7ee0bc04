/// Reads the regular expressions that `tokenizer.json` files use.
///
/// Oniguruma's grammar as far as they go: alternatives, groups, `(?i:…)` over ASCII, classes,
/// `\p{…}`, `\s`, `\d`, quantifiers (greedy, lazy, and possessive on single characters) and a look
/// at the next character. Anything else is `Unsupported`, also what is no expression at all.
struct SplitParser {
    /// How many groups may stand within each other: bounds the stack.
    static let maximumDepth = 32

    let pattern: [Unicode.Scalar]
    var position = 0
    private var depth = 0
    /// Within `(?i:…)`.
    private(set) var ignoresCase = false

    static func parse(_ pattern: String) throws(SplitSyntax.Unsupported) -> SplitSyntax {
        var parser = SplitParser(pattern: Array(pattern.unicodeScalars))
        let syntax = try parser.alternatives()
        guard parser.position == parser.pattern.count else {
            throw parser.unsupported("an unbalanced ')'")
        }
        return syntax
    }

    private init(pattern: [Unicode.Scalar]) { self.pattern = pattern }

    func unsupported(_ what: String) -> SplitSyntax.Unsupported {
        SplitSyntax.Unsupported(description: "\(what) at character \(position)")
    }

    var next: Unicode.Scalar? { position < pattern.count ? pattern[position] : nil }

    mutating func take(_ text: String) -> Bool {
        guard pattern[position...].starts(with: text.unicodeScalars) else { return false }
        position += text.unicodeScalars.count
        return true
    }

    /// Takes the next scalar, whatever it is.
    mutating func takeAny() throws(SplitSyntax.Unsupported) -> Unicode.Scalar {
        guard let scalar = next else { throw unsupported("an end too early") }
        position += 1
        return scalar
    }

    private mutating func alternatives() throws(SplitSyntax.Unsupported) -> SplitSyntax {
        var parts = [try sequence()]
        while take("|") { parts.append(try sequence()) }
        return parts.count == 1 ? parts[0] : .alternatives(parts)
    }

    private mutating func sequence() throws(SplitSyntax.Unsupported) -> SplitSyntax {
        var parts: [SplitSyntax] = []
        var before: Unicode.Scalar?
        while let scalar = next, scalar != "|", scalar != ")" {
            try checkFolding(of: scalar, after: before)
            before = scalar
            parts.append(try quantified(try atom()))
        }
        return parts.count == 1 ? parts[0] : .sequence(parts)
    }

    private mutating func atom() throws(SplitSyntax.Unsupported) -> SplitSyntax {
        let scalar = try takeAny()
        switch scalar {
        case "(": return try group()
        case "[": return .scalar(try characterClass())
        case "\\": return .scalar(try folded(try escape()))
        case ".": return .scalar(ScalarSet("\n").inverted)
        case "*", "+", "?", "{", "}", "^", "$", "]":
            position -= 1
            throw unsupported("'\(scalar)'")
        default: return .scalar(try folded(ScalarSet(scalar)))
        }
    }

    private mutating func group() throws(SplitSyntax.Unsupported) -> SplitSyntax {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.maximumDepth else { throw unsupported("groups too deep") }
        if take("?=") { return .lookahead(try lookaheadBody(), isNegated: false) }
        if take("?!") { return .lookahead(try lookaheadBody(), isNegated: true) }
        let outer = ignoresCase
        defer { ignoresCase = outer }
        if take("?i:") {
            ignoresCase = true
        } else if next == "?", !take("?:") {
            throw unsupported("a group of another kind")
        }
        return try closed()
    }

    private mutating func closed() throws(SplitSyntax.Unsupported) -> SplitSyntax {
        let syntax = try alternatives()
        guard take(")") else { throw unsupported("a group without an end") }
        return syntax
    }

    private mutating func lookaheadBody() throws(SplitSyntax.Unsupported) -> ScalarSet {
        guard case .scalar(let set) = try closed() else {
            throw unsupported("a look ahead further than one character")
        }
        return set
    }
}
