/// A piece of HTML that is known to be whole: it is written as literals, and whatever is put between is escaped unless it
/// is such a piece itself.
///
/// Captions, names and tags come from strangers' files. There is no way to get one of them in here unescaped but to
/// write it into the program.
struct HTML: ExpressibleByStringInterpolation, Sendable {
    /// The markup.
    private(set) var text: String

    init(stringLiteral literal: String) { text = literal }

    init(stringInterpolation: Interpolation) { text = stringInterpolation.text }

    /// Nothing.
    static let empty: HTML = ""

    struct Interpolation: StringInterpolationProtocol {
        fileprivate var text = ""

        init(literalCapacity: Int, interpolationCount: Int) {
            text.reserveCapacity(literalCapacity + interpolationCount * 24)
        }

        mutating func appendLiteral(_ literal: String) { text += literal }

        mutating func appendInterpolation(_ html: HTML) { text += html.text }

        mutating func appendInterpolation(_ parts: [HTML]) {
            for part in parts { text += part.text }
        }

        mutating func appendInterpolation(_ number: some BinaryInteger) { text += String(number) }

        mutating func appendInterpolation(_ string: String) {
            for scalar in string.unicodeScalars {
                switch scalar {
                case "&": text += "&amp;"
                case "<": text += "&lt;"
                case ">": text += "&gt;"
                case "\"": text += "&quot;"
                case "'": text += "&#39;"
                // Controls are no text, and those that turn the direction of others would disguise them.
                case "\u{0}"..."\u{8}", "\u{B}"..."\u{1F}", "\u{7F}"..."\u{9F}",
                    "\u{202A}"..."\u{202E}", "\u{2066}"..."\u{2069}":
                    text += "\u{FFFD}"
                default: text.unicodeScalars.append(scalar)
                }
            }
        }
    }
}

extension Optional {
    /// The piece made of a value, or nothing where there is none.
    func html(_ make: (Wrapped) -> HTML) -> HTML { map(make) ?? .empty }
}

extension Bool {
    /// The piece where this holds, and nothing else.
    func html(_ piece: @autoclosure () -> HTML) -> HTML { self ? piece() : .empty }
}
