import Foundation
public import WorkQueue

/// A vision token as a line that can be copied: `token:` and its numbers.
///
/// The numbers are IEEE 754 binary16, little-endian, as the catalogue stores them, in base64 with `-` and `_` for `+` and
/// `/` and nothing at its end (RFC 4648, 5).
public enum TokenText {
    /// What such a line begins with.
    public static let prefix = "token:"
    /// The most numbers that a token may have.
    public static let maximumCount = 16_384

    /// A token as text.
    ///
    /// - Parameter token: Of numbers up to 65,504.
    /// - Returns: The line.
    public static func text(_ token: VisionToken) -> String {
        let bytes = token.elements.flatMap { element -> [UInt8] in
            let bits = Float16(element).bitPattern
            return [UInt8(truncatingIfNeeded: bits), UInt8(truncatingIfNeeded: bits >> 8)]
        }
        return prefix
            + Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
            .replacing("=", with: "")
    }

    /// Reads what `text` wrote.
    ///
    /// - Returns: The numbers; `nil` where it is no such line, or a number is none.
    public static func elements(of text: String) -> [Float]? {
        guard text.hasPrefix(prefix) else { return nil }
        let base64 = text.dropFirst(prefix.count).replacing("-", with: "+")
            .replacing("_", with: "/")
        let padding = String(repeating: "=", count: (4 - base64.utf8.count % 4) % 4)
        guard base64.utf8.count <= 4 * maximumCount,
            let data = Data(base64Encoded: base64 + padding),
            !data.isEmpty, data.count.isMultiple(of: 2)
        else { return nil }
        let bytes = [UInt8](data)
        let elements = stride(from: 0, to: bytes.count, by: 2).map { place in
            Float(Float16(bitPattern: UInt16(bytes[place]) | UInt16(bytes[place + 1]) << 8))
        }
        return elements.allSatisfy(\.isFinite) ? elements : nil
    }
}
