/// What a tokenizer does to a text before it looks for words in it.
struct TextNormalizer: Sendable {
    enum Step: Equatable, Sendable {
        /// Canonical composition (NFC).
        case compose
        /// White space of any length becomes one space.
        case collapseWhiteSpace
        /// Lower case, scalar by scalar.
        case lowercase
    }

    /// In order; none where a text is taken as it is.
    var steps: [Step] = []

    /// A text with all steps done to it.
    ///
    /// - Parameter text: UTF-8 without flaw.
    /// - Returns: UTF-8.
    func callAsFunction(_ text: some Collection<UInt8>) -> [UInt8] {
        guard !steps.isEmpty else { return Array(text) }
        var scalars = Array(String(decoding: text, as: UTF8.self).unicodeScalars)
        for step in steps {
            switch step {
            case .compose: scalars = CanonicalComposition.compose(scalars)
            case .collapseWhiteSpace: scalars = Self.collapsingWhiteSpace(scalars)
            case .lowercase: scalars = Self.lowercased(scalars)
            }
        }
        var result = String.UnicodeScalarView()
        result.append(contentsOf: scalars)
        return Array(String(result).utf8)
    }

    private static func collapsingWhiteSpace(_ scalars: [Unicode.Scalar]) -> [Unicode.Scalar] {
        var result: [Unicode.Scalar] = []
        result.reserveCapacity(scalars.count)
        var isBehindSpace = false
        for scalar in scalars {
            let isSpace = scalar.properties.isWhitespace
            if !isSpace { result.append(scalar) } else if !isBehindSpace { result.append(" ") }
            isBehindSpace = isSpace
        }
        return result
    }

    /// Without regard to what stands beside a scalar: a final sigma is as any other.
    private static func lowercased(_ scalars: [Unicode.Scalar]) -> [Unicode.Scalar] {
        var result: [Unicode.Scalar] = []
        result.reserveCapacity(scalars.count)
        for scalar in scalars {
            switch scalar {
            case "A"..."Z": result.append(Unicode.Scalar(UInt8(scalar.value) | 0x20))
            case "\0"..."\u{7F}": result.append(scalar)
            default: result.append(contentsOf: scalar.properties.lowercaseMapping.unicodeScalars)
            }
        }
        return result
    }
}
