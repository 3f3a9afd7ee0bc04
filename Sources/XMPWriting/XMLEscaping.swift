/// Characters as XML writes them.
package enum XMLEscaping {
    /// In an element.
    package static func element(_ text: String) -> String {
        escape(text) { scalar in
            switch scalar {
            case "&": "&amp;"
            case "<": "&lt;"
            case ">": "&gt;"
            case "\r": "&#xD;"
            default: nil
            }
        }
    }

    /// Between two quotes.
    package static func attribute(_ text: String, quote: UInt8) -> String {
        escape(text) { scalar in
            switch scalar {
            case "&": "&amp;"
            case "<": "&lt;"
            case ">": "&gt;"
            case "\r": "&#xD;"
            case "\n": "&#xA;"
            case "\t": "&#x9;"
            case "\"": quote == UInt8(ascii: "\"") ? "&quot;" : nil
            case "'": quote == UInt8(ascii: "'") ? "&apos;" : nil
            default: nil
            }
        }
    }

    private static func escape(
        _ text: String, _ replacement: (Unicode.Scalar) -> String?
    ) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars where isAllowed(scalar) {
            if let replacement = replacement(scalar) {
                result.append(contentsOf: replacement.unicodeScalars)
            } else {
                result.append(scalar)
            }
        }
        return String(result)
    }

    /// Whether XML 1.0 can hold a character.
    package static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x9, 0xA, 0xD, 0x20...0xFFFD, 0x10000...0x10FFFF: true
        default: false
        }
    }
}
