extension SplitParser {
    /// Reads what follows a backslash.
    mutating func escape() throws(SplitSyntax.Unsupported) -> ScalarSet {
        let scalar = try takeAny()
        switch scalar {
        case "s": return UnicodeTable.whiteSpace
        case "S": return UnicodeTable.whiteSpace.inverted
        case "d", "D":
            guard let digits = UnicodeTable.category(named: "Nd") else { break }
            return scalar == "d" ? digits : digits.inverted
        case "p": return try property()
        case "P": return try property().inverted
        case "r": return ScalarSet("\r")
        case "n": return ScalarSet("\n")
        case "t": return ScalarSet("\t")
        case "f": return ScalarSet("\u{C}")
        default:
            let isLetterOrDigit =
                scalar.properties.isAlphabetic || scalar.properties.numericType != nil
            if scalar.isASCII, !isLetterOrDigit { return ScalarSet(scalar) }
        }
        throw unsupported("the escape '\\\(scalar)'")
    }

    /// Reads `{L}` behind `\p`.
    private mutating func property() throws(SplitSyntax.Unsupported) -> ScalarSet {
        guard take("{") else { throw unsupported("a property without a name") }
        let isNegated = take("^")
        var name = ""
        while let scalar = next, scalar != "}" {
            name.unicodeScalars.append(scalar)
            position += 1
        }
        guard take("}"), let set = UnicodeTable.category(named: name) else {
            throw unsupported("the property '\(abbreviated(name))'")
        }
        return isNegated ? set.inverted : set
    }

    /// Reads a class behind its bracket.
    mutating func characterClass() throws(SplitSyntax.Unsupported) -> ScalarSet {
        let isNegated = take("^")
        var ranges: [ClosedRange<UInt32>] = []
        repeat {
            if next == "-", !isAtEdge(ranges) { throw unsupported("a '-' between members") }
            let start = try member()
            guard start.isSingle, next == "-", position + 1 < pattern.count,
                pattern[position + 1] != "]"
            else {
                ranges += start.set.ranges
                continue
            }
            position += 1
            let end = try member()
            guard end.isSingle, let from = start.set.ranges.first?.lowerBound,
                let to = end.set.ranges.first?.lowerBound, from <= to
            else { throw unsupported("a range that is none") }
            ranges.append(from...to)
        } while next != "]"
        position += 1
        let set = try folded(ScalarSet(ranges))
        return isNegated ? set.inverted : set
    }

    /// Whether a '-' here stands first or last in its class, where it is itself.
    private func isAtEdge(_ ranges: [ClosedRange<UInt32>]) -> Bool {
        ranges.isEmpty || position + 1 < pattern.count && pattern[position + 1] == "]"
    }

    /// Reads one member of a class; `isSingle` where it may begin or end a range.
    private mutating func member() throws(SplitSyntax.Unsupported) -> (
        set: ScalarSet, isSingle: Bool
    ) {
        let scalar = try takeAny()
        switch scalar {
        case "[", "]": throw unsupported("a bracket in a class")
        case "&" where next == "&": throw unsupported("an intersection of classes")
        case "\\":
            let set = try escape()
            let isSingle = set.ranges.count == 1 && set.ranges[0].count == 1
            return (set, isSingle)
        default: return (ScalarSet(scalar), true)
        }
    }
}
