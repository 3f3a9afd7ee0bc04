import ArgumentParser
import Catalogue
import Daemon
import SystemPackage

/// Tells everything that is known of a file.
struct ShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show all that is known of files.",
        discussion: """
            EXAMPLES
              vignette show ~/Pictures/beach.jpg
              vignette show --json clip.mp4
            """)

    @Argument(help: "Files below a watched folder.")
    var files: [PathArgument]

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
            if common.json {
                try JSONLine.write(ShownFile(details))
            } else {
                StandardOutput.write(ShownFile(details).text)
            }
        }
        if isMissing { throw ExitCode.failure }
    }
}
