import ArgumentParser
import Catalogue
import Daemon
import Foundation
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
            guard let details = try find(file.path, in: catalogue) else {
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

    /// By the path as named, else by its folder's real path.
    private func find(_ path: FilePath, in catalogue: Catalogue) throws -> FileDetails? {
        let absolute = StandardPaths().absolute(path)
        if let details = try catalogue.show(absolute) { return details }
        guard let name = absolute.lastComponent else { return nil }
        let folder = absolute.removingLastComponent()
        guard let real = folder.withPlatformString({ realpath($0, nil) }) else { return nil }
        defer { free(real) }
        return try catalogue.show(FilePath(platformString: real).appending(name))
    }
}
