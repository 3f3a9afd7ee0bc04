import Digests

/// Texts that nobody can guess.
enum Secret {
    /// The characters of one: 256 bits in hexadecimal digits.
    static let length = 64

    /// A new one, by the system's generator.
    static func random() -> String {
        var generator = SystemRandomNumberGenerator()
        return (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &generator) }.hexadecimal
    }
}
