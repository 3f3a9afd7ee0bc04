import ArgumentParser

/// The subcommands that a command line names.
///
/// The argument parser answers `--help` behind a word that is no command with the help of whatever
/// stands before that word, and with success.
enum CommandPath {
    /// The first word that stands where a subcommand's name must, and is none.
    ///
    /// - Parameters:
    ///   - arguments: The words behind the program's name.
    ///   - root: The program.
    /// - Returns: The commands before that word, and the word; nil where every name is one.
    static func firstUnknown(
        in arguments: [String], of root: any ParsableCommand.Type
    ) -> (path: [String], word: String)? {
        var words = arguments[...]
        // `help COMMAND` names a command as `COMMAND --help` does.
        if words.first == "help" { words = words.dropFirst() }
        var command = root
        var path = [name(of: root)]
        while !command.configuration.subcommands.isEmpty {
            guard let index = words.firstIndex(where: { !flags.contains($0) }) else { return nil }
            let word = words[index]
            // What stands behind another option may be its value; the parser knows what to say of those.
            guard !word.hasPrefix("-") else { return nil }
            guard
                let next = command.configuration.subcommands.first(where: { name(of: $0) == word })
            else { return (path, word) }
            (command, words) = (next, words[(index + 1)...])
            path.append(word)
        }
        return nil
    }

    /// The options that take no value and may stand before a command.
    private static let flags: Set = ["--help", "-h", "--version"]

    private static func name(of command: any ParsableCommand.Type) -> String {
        command.configuration.commandName ?? ""
    }
}
