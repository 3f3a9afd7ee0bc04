import Foundation
import SystemPackage

/// Paths are bytes; this is how they are shown.
struct PathText: Encodable {
    let path: FilePath

    /// Wraps a path.
    init(_ path: FilePath) { self.path = path }

    /// For people: control characters, which could steer a terminal, and bytes that are no UTF-8
    /// are replaced.
    var display: String {
        path.string.printable
    }

    /// A string where the bytes are UTF-8, else an object with the exact bytes in Base64.
    func encode(to encoder: any Encoder) throws {
        let bytes = path.withPlatformString { pointer in
            Data(bytes: pointer, count: strlen(pointer))
        }
        var container = encoder.singleValueContainer()
        if let text = String(validating: bytes, as: UTF8.self) {
            try container.encode(text)
        } else {
            try container.encode(["base64": bytes.base64EncodedString(), "text": display])
        }
    }
}

extension String {
    /// One line without characters that could steer a terminal; the replacement character stands in their place.
    var printable: String {
        String(
            UnicodeScalarView(
                unicodeScalars.map {
                    CharacterSet.controlCharacters.contains($0) ? "\u{FFFD}" : $0
                }))
    }
}
