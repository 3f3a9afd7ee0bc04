import ArgumentParser
import Foundation

/// The program's commands and options, as the argument parser tells of them (`--experimental-dump-help`).
struct ToolDescription: Decodable {
    /// What is read of a command.
    struct Command: Decodable {
        let commandName: String
        let abstract: String?
        let discussion: String?
        let shouldDisplay: Bool?
        let arguments: [Argument]?
        let subcommands: [Command]?
    }

    /// What is read of an option, a flag or an argument.
    struct Argument: Decodable {
        enum Kind: String, Decodable {
            case positional, option, flag
        }
        struct Name: Decodable {
            let kind: String
            let name: String

            /// As it is written: `-o` or `--output`.
            var text: String { (kind == "long" ? "--" : "-") + name }
        }
        let kind: Kind
        let shouldDisplay: Bool
        let isOptional: Bool
        let isRepeating: Bool
        let names: [Name]?
        let valueName: String?
        let defaultValue: String?
        let allValues: [String]?
        let sectionTitle: String?
        let abstract: String?
    }

    let command: Command

    /// The program.
    ///
    /// - Throws: `DecodingError`, where the argument parser's form has changed.
    init(of program: any ParsableCommand.Type) throws {
        self = try JSONDecoder().decode(Self.self, from: Data(program._dumpHelp().utf8))
    }
}

extension ToolDescription.Command {
    /// Those that are shown in help.
    var shownSubcommands: [Self] {
        (subcommands ?? []).filter { $0.shouldDisplay ?? true && $0.commandName != "help" }
    }

    /// Those that are shown in help.
    var shownArguments: [ToolDescription.Argument] { (arguments ?? []).filter(\.shouldDisplay) }
}
