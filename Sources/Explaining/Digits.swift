/// Digits of five by seven dots, so that a scale can be read without a font.
enum Digits {
    /// Each character's rows from above, a bit a dot, the left one first.
    private static let rows: [Character: [UInt8]] = [
        "0": [14, 17, 17, 17, 17, 17, 14], "1": [4, 12, 4, 4, 4, 4, 14],
        "2": [14, 17, 1, 2, 4, 8, 31], "3": [14, 17, 1, 6, 1, 17, 14],
        "4": [2, 6, 10, 18, 31, 2, 2], "5": [31, 16, 30, 1, 1, 17, 14],
        "6": [6, 8, 16, 30, 17, 17, 14], "7": [31, 1, 2, 4, 4, 8, 8],
        "8": [14, 17, 17, 14, 17, 17, 14], "9": [14, 17, 17, 15, 1, 2, 12],
        ".": [0, 0, 0, 0, 0, 12, 12], "%": [24, 25, 2, 4, 8, 19, 3],
    ]

    /// How many dots wide a text is.
    static func width(_ text: String) -> Int { text.count * 6 }

    /// The dots of a text, from its upper left corner.
    static func dots(_ text: String) -> [(x: Int, y: Int)] {
        var dots: [(x: Int, y: Int)] = []
        for (place, character) in text.enumerated() {
            for (y, bits) in (rows[character] ?? []).enumerated() {
                for x in 0..<5 where bits & (16 >> x) != 0 {
                    dots.append((x: place * 6 + x, y: y))
                }
            }
        }
        return dots
    }
}
