/// The manual pages of the commands, from what `--help` is made of.
struct CommandManual {
    private let tool: ToolDescription
    private let version: String

    /// Takes the program's commands.
    init(_ tool: ToolDescription, version: String) {
        self.tool = tool
        self.version = version
    }

    /// A page for the program and for each command, by the file's name.
    func pages() -> [(file: String, text: String)] { pages(of: tool.command, behind: []) }

    private func pages(
        of command: ToolDescription.Command, behind path: [String]
    ) -> [(file: String, text: String)] {
        let words = path + [command.commandName]
        return [(words.joined(separator: "-") + ".1", page(of: command, words))]
            + command.shownSubcommands.flatMap { pages(of: $0, behind: words) }
    }

    private func page(of command: ToolDescription.Command, _ words: [String]) -> String {
        var summary = command.abstract ?? ""
        if summary.hasSuffix(".") { summary.removeLast() }
        var page = ManualPage(
            words.joined(separator: "-"), section: 1, summary: summary, version: version)
        page.heading("SYNOPSIS")
        page.synopsis(synopsis(of: command, words))
        page.heading("DESCRIPTION")
        page.paragraph(command.abstract ?? "")
        // What is said of the whole comes before the examples, and commands and options between them.
        let (text, examples) = Self.parts(of: command.discussion ?? "")
        page.discussion(text)
        commands(of: command, words, &page)
        options(of: command, &page)
        page.discussion(examples)
        seeAlso(command, words, &page)
        return page.text
    }

    private func synopsis(
        of command: ToolDescription.Command, _ words: [String]
    ) -> [SynopsisWord] {
        let values = command.shownArguments.filter { $0.kind == .positional }.map { argument in
            let name = (argument.valueName ?? "value") + (argument.isRepeating ? " ..." : "")
            return argument.isOptional ? SynopsisWord.optional(name) : .placeholder(name)
        }
        return [.literal(words.joined(separator: " "))]
            + (command.shownSubcommands.isEmpty
                ? [.optional("options")] : [.placeholder("command")])
            + values
    }

    private static func parts(of discussion: String) -> (text: String, examples: String) {
        guard let mark = discussion.firstRange(of: "EXAMPLES\n") else { return (discussion, "") }
        return (
            String(discussion[..<mark.lowerBound]), String(discussion[mark.lowerBound...])
        )
    }

    private func commands(
        of command: ToolDescription.Command, _ words: [String], _ page: inout ManualPage
    ) {
        guard !command.shownSubcommands.isEmpty else { return }
        page.heading("COMMANDS")
        for inner in command.shownSubcommands {
            let name = (words + [inner.commandName]).joined(separator: "-")
            page.item(
                "\\fB\(ManualPage.escaped(inner.commandName))\\fR",
                ["\(inner.abstract ?? "") See \(name)(1)."])
        }
    }

    private func options(of command: ToolDescription.Command, _ page: inout ManualPage) {
        let arguments = command.shownArguments
        let sections = arguments.filter { $0.kind == .positional }.isEmpty ? [] : ["ARGUMENTS"]
        for title in sections + ["OPTIONS"] {
            let shown = arguments.filter { ($0.kind == .positional) == (title == "ARGUMENTS") }
            guard !shown.isEmpty else { continue }
            page.heading(title)
            for argument in shown { page.item(Self.term(argument), Self.explanation(argument)) }
        }
    }

    private static func term(_ argument: ToolDescription.Argument) -> String {
        let value = "\\fI\(ManualPage.escaped(argument.valueName ?? "value"))\\fR"
        guard argument.kind != .positional else { return value }
        // Short names first, as everywhere.
        let names = (argument.names ?? []).sorted { $0.text.count < $1.text.count }.map {
            "\\fB\(ManualPage.escaped($0.text))\\fR"
        }.joined(separator: ", ")
        return argument.kind == .option ? "\(names) \(value)" : names
    }

    private static func explanation(_ argument: ToolDescription.Argument) -> [String] {
        var text = argument.abstract ?? ""
        if let values = argument.allValues, !values.isEmpty {
            text += " One of \(values.joined(separator: ", "))."
        }
        if let value = argument.defaultValue, argument.kind == .option {
            text += " Default: \(value)."
        }
        return text.isEmpty ? [] : [text]
    }

    private func seeAlso(
        _ command: ToolDescription.Command, _ words: [String], _ page: inout ManualPage
    ) {
        let parent = words.dropLast().joined(separator: "-")
        var pages = ["vignette.yaml(5)", "vignette.service(8)"]
        if !parent.isEmpty { pages.insert("\(parent)(1)", at: 0) }
        page.heading("SEE ALSO")
        page.paragraph(pages.joined(separator: ", "))
    }
}
