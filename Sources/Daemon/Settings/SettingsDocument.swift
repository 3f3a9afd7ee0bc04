/// The configuration file with everything that can be set, each key commented out with its default.
public enum SettingsDocument {
    /// The longest line.
    private static let width = 110

    /// The first lines of the file, and of its manual page: what it is and where it is looked for.
    public static let introduction = [
        "Every key is here with its default; a line without '#' in front changes it.",
        """
        It is looked for as ~/.config/vignette/vignette.yaml for a person, as /etc/vignette/vignette.yaml for the \
        service, or it is the file that --config names. A flag beats an environment variable, which beats this file. \
        The variable's name is the key in capitals behind VIGNETTE_, with '_' for '.' and '-', so that \
        VIGNETTE_WATCHING_SETTLE=5 is watching.settle. An unknown key or a value of the wrong kind is an error.
        """,
        """
        Three more variables are no keys of this file. VIGNETTE_CONFIG names the file itself, VIGNETTE_DECODER the \
        decoding child's program, and VIGNETTE_KERNELS (portable, avx2, avxvnni, avx512, neon or i8mm) an instruction \
        set other than the best that the processor has, for those who look for a fault.
        """,
    ]

    /// The file.
    public static var text: String {
        var lines = ["# Vignette's configuration. " + introduction[0]]
        for paragraph in introduction.dropFirst() {
            lines += ["#"] + wrapped(paragraph, behind: "# ")
        }
        var section: Substring?
        for key in SettingKey.allCases {
            let parts = key.rawValue.split(separator: ".")
            let inner = parts.count > 1 ? parts[0] : nil
            if inner != section || inner == nil { lines.append("") }
            if let inner, inner != section { lines.append("# \(inner):") }
            section = inner
            lines += self.lines(of: key, named: parts.last ?? "", isInner: inner != nil)
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func lines(of key: SettingKey, named name: Substring, isInner: Bool) -> [String]
    {
        let mark = isInner ? "#   " : "# "
        var lines = wrapped(text(of: key), behind: isInner ? "#   # " : "# ")
        switch key.explanation.value {
        case .scalar(let value): lines.append("\(mark)\(name): \(value)")
        case .list([]): lines.append("\(mark)\(name): []")
        case .list(let values):
            lines.append("\(mark)\(name):")
            lines += values.map { "\(mark)  - \($0)" }
        }
        return lines
    }

    /// What a person is told of a key, with the values that it takes where these are words.
    public static func text(of key: SettingKey) -> String {
        let text = key.explanation.text
        guard case .choice(let words) = key.form, !words.allSatisfy({ text.contains("'\($0)'") })
        else { return text }
        let last = words.count > 1 ? " or \(words[words.count - 1])" : ""
        return text + " One of " + words.dropLast().joined(separator: ", ") + last + "."
    }

    private static func wrapped(_ text: String, behind mark: String) -> [String] {
        var lines: [String] = []
        for word in text.split(separator: " ") {
            if let line = lines.last, line.count + 1 + word.count <= width {
                lines[lines.count - 1] += " \(word)"
            } else {
                lines.append(mark + word)
            }
        }
        return lines
    }
}
