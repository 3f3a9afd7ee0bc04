import ArgumentParser
import Catalogue
import Daemon
import Finding
import SystemPackage
import WorkQueue

/// Tells everything that is known of a file.
struct ShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show all that is known of files.",
        discussion: """
            EXAMPLES
              vignette show ~/Pictures/beach.jpg
              vignette show --json clip.mp4
              vignette show --tokens ~/Pictures/beach.jpg
            """)

    @Argument(help: "Files below a watched folder.")
    var files: [PathArgument]

    @Flag(
        help: """
            Print the vision tokens alone, all that the language model saw of a picture, a line each, as \
            'similar' takes them; of a clip one for each second.
            """)
    var tokens = false

    @OptionGroup var common: CommonOptions

    func run() throws {
        let catalogue = try common.reader()
        var isMissing = false
        for file in files {
            guard let details = try catalogue.details(of: file.path) else {
                isMissing = true
                StandardError.write(
                    "vignette: \(PathText(file.path).display): not in the catalogue; "
                        + "is its folder watched? See 'vignette status'\n")
                continue
            }
            if tokens {
                try show(details.asset.map { try catalogue.tokens(of: $0.id) } ?? [], of: file)
            } else if common.json {
                try JSONLine.write(ShownFile(details))
            } else {
                StandardOutput.write(ShownFile(details).text)
            }
        }
        if isMissing { throw ExitCode.failure }
    }

    private func show(_ tokens: [VisionToken], of file: PathArgument) throws {
        for token in tokens {
            if common.json {
                try JSONLine.write(
                    TokenLine(
                        path: PathText(file.path), second: token.second,
                        token: TokenText.text(token)))
            } else {
                StandardOutput.write(TokenText.text(token) + "\n")
            }
        }
    }
}

/// A vision token for programs.
private struct TokenLine: Encodable {
    let path: PathText
    /// The second of a clip; null for stills.
    let second: Double?
    let token: String
}
