/// A manual page in the making, in the macros of man(7).
struct ManualPage {
    private var lines: [String]

    /// Begins a page.
    ///
    /// - Parameters:
    ///   - name: What it is about, such as `vignette-watch`.
    ///   - section: Of the manual.
    ///   - summary: What it is, in a line without a full stop; `man -k` shows it.
    ///   - version: The program's.
    init(_ name: String, section: Int, summary: String, version: String) {
        lines = [
            ".\\\" Made by 'vignette documentation'.",
            ".TH \(Self.escaped(name.uppercased())) \(section) \"\" \"vignette \(version)\" \"Vignette\"",
        ]
        heading("NAME")
        lines.append("\(Self.escaped(name)) \\- \(Self.escaped(summary))")
    }

    /// The page.
    var text: String { lines.joined(separator: "\n") + "\n" }

    /// Begins a section.
    mutating func heading(_ title: String) { lines.append(".SH " + Self.escaped(title)) }

    /// Adds what somebody types, its words in bold but for what stands for something.
    mutating func synopsis(_ words: [SynopsisWord]) {
        lines.append(".nh")
        lines.append(".PP")
        lines.append(words.map(\.roff).joined(separator: " "))
        lines.append(".hy")
    }

    /// Adds a paragraph.
    mutating func paragraph(_ text: String) {
        lines += [".PP", Self.line(text)]
    }

    /// Adds lines that stay as they are.
    mutating func verbatim(_ text: [String]) {
        lines += [".PP", ".nf"] + text.map(Self.line) + [".fi"]
    }

    /// Adds something with what it means.
    ///
    /// - Parameters:
    ///   - term: What is explained, in roff.
    ///   - paragraphs: The explanation.
    mutating func item(_ term: String, _ paragraphs: [String]) {
        lines += [".TP", term]
        for (index, text) in paragraphs.enumerated() {
            if index > 0 { lines.append(".IP") }
            lines.append(Self.line(text))
        }
        if paragraphs.isEmpty { lines.append("\\&") }
    }

    /// Adds a text in paragraphs, as help shows it: lines that are indented stay as they are, and a line in capitals
    /// begins a section.
    mutating func discussion(_ text: String) {
        var paragraph: [String] = []
        var block: [String] = []
        func flush(_ page: inout ManualPage) {
            if !paragraph.isEmpty { page.paragraph(paragraph.joined(separator: " ")) }
            if !block.isEmpty { page.verbatim(block) }
            (paragraph, block) = ([], [])
        }
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
            if line.isEmpty {
                flush(&self)
            } else if Self.isHeading(line) {
                flush(&self)
                heading(line)
            } else if line.hasPrefix("  ") {
                if !paragraph.isEmpty { flush(&self) }
                block.append(line)
            } else {
                if !block.isEmpty { flush(&self) }
                paragraph.append(line)
            }
        }
        flush(&self)
    }

    private static func isHeading(_ line: String) -> Bool {
        line.count > 3 && line.allSatisfy { $0.isUppercase || $0 == " " } && !line.hasPrefix(" ")
    }

    /// A line of text; a dot or an apostrophe at its beginning would be a command.
    static func line(_ text: String) -> String {
        let escaped = escaped(text)
        return escaped.hasPrefix(".") || escaped.hasPrefix("\\(aq") ? "\\&" + escaped : escaped
    }

    /// Text whose every character is printed as it is; what is no ASCII by its number.
    static func escaped(_ text: String) -> String {
        text.unicodeScalars.map { scalar in
            switch scalar {
            case "\\": "\\e"
            case "-": "\\-"
            case "'": "\\(aq"
            case "`": "\\(ga"
            case "^": "\\(ha"
            case "~": "\\(ti"
            case "\"": "\\(dq"
            case _ where scalar.isASCII: String(scalar)
            default: "\\[u" + hexadecimal(scalar.value) + "]"
            }
        }.joined()
    }

    private static func hexadecimal(_ value: UInt32) -> String {
        let digits = String(value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(4 - digits.count, 0)) + digits
    }
}

/// A word of a synopsis.
enum SynopsisWord {
    /// What is typed as it stands.
    case literal(String)
    /// What stands for something.
    case placeholder(String)
    /// What may be left out.
    case optional(String)

    /// In man(7)'s fonts.
    var roff: String {
        switch self {
        case .literal(let text): "\\fB\(ManualPage.escaped(text))\\fR"
        case .placeholder(let text): "\\fI\(ManualPage.escaped(text))\\fR"
        case .optional(let text): "[\\fI\(ManualPage.escaped(text))\\fR]"
        }
    }
}
