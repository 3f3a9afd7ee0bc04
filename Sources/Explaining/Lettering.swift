/// Small letters, digits and marks of dots, so that a drawing can be read without a font.
enum Lettering {
    /// How many dots high a line is, with what hangs below it.
    static let height = 9
    /// How far apart the left edges of two characters are.
    private static let advance = 6

    /// Each character's rows from above, a bit a dot of five, the left one first; the line ends with the seventh.
    private static let rows: [Character: [UInt8]] = [
        "0": [14, 17, 17, 17, 17, 17, 14], "1": [4, 12, 4, 4, 4, 4, 14],
        "2": [14, 17, 1, 2, 4, 8, 31], "3": [14, 17, 1, 6, 1, 17, 14],
        "4": [2, 6, 10, 18, 31, 2, 2], "5": [31, 16, 30, 1, 1, 17, 14],
        "6": [6, 8, 16, 30, 17, 17, 14], "7": [31, 1, 2, 4, 4, 8, 8],
        "8": [14, 17, 17, 14, 17, 17, 14], "9": [14, 17, 17, 15, 1, 2, 12],
        "a": [0, 0, 14, 1, 15, 17, 15], "b": [16, 16, 30, 17, 17, 17, 30],
        "c": [0, 0, 14, 17, 16, 17, 14], "d": [1, 1, 15, 17, 17, 17, 15],
        "e": [0, 0, 14, 17, 31, 16, 14], "f": [6, 8, 28, 8, 8, 8, 8],
        "g": [0, 0, 15, 17, 17, 17, 15, 1, 14], "h": [16, 16, 30, 17, 17, 17, 17],
        "i": [4, 0, 12, 4, 4, 4, 14], "j": [2, 0, 6, 2, 2, 2, 2, 18, 12],
        "k": [16, 16, 18, 20, 24, 20, 18], "l": [12, 4, 4, 4, 4, 4, 14],
        "m": [0, 0, 26, 21, 21, 21, 21], "n": [0, 0, 30, 17, 17, 17, 17],
        "o": [0, 0, 14, 17, 17, 17, 14], "p": [0, 0, 30, 17, 17, 17, 30, 16, 16],
        "q": [0, 0, 15, 17, 17, 17, 15, 1, 1], "r": [0, 0, 22, 25, 16, 16, 16],
        "s": [0, 0, 15, 16, 14, 1, 30], "t": [8, 8, 28, 8, 8, 9, 6],
        "u": [0, 0, 17, 17, 17, 19, 13], "v": [0, 0, 17, 17, 17, 10, 4],
        "w": [0, 0, 17, 17, 21, 21, 10], "x": [0, 0, 17, 10, 4, 10, 17],
        "y": [0, 0, 17, 17, 17, 17, 15, 1, 14], "z": [0, 0, 31, 2, 4, 8, 31],
        ".": [0, 0, 0, 0, 0, 12, 12], "%": [24, 25, 2, 4, 8, 19, 3],
        ",": [0, 0, 0, 0, 0, 12, 4, 8], ":": [0, 12, 12, 0, 12, 12, 0],
        "-": [0, 0, 0, 14, 0, 0, 0], "→": [0, 4, 2, 31, 2, 4, 0],
        "L": [16, 16, 16, 16, 16, 16, 31], "P": [30, 17, 17, 30, 16, 16, 16],
        "'": [4, 4, 8], "“": [10, 10], "”": [10, 10],
        "(": [2, 4, 8, 8, 8, 4, 2], ")": [8, 4, 2, 2, 2, 4, 8],
    ]

    /// How many dots wide a text is.
    static func width(_ text: String) -> Int { text.count * advance }

    /// The dots of a text, from its upper left corner.
    ///
    /// A capital without a form of its own is written small; what is unknown leaves a gap.
    static func dots(_ text: String) -> [(x: Int, y: Int)] {
        text.enumerated().flatMap { place, character in
            (rows[character] ?? rows[Character(character.lowercased())] ?? []).enumerated().flatMap
            { y, bits in
                (0..<5).filter { bits & (16 >> $0) != 0 }.map { (x: place * advance + $0, y: y) }
            }
        }
    }
}
