import ArgumentParser
import Catalogue
import Daemon
import SystemPackage

/// Revives failed files.
struct RetryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry",
        abstract: "Try failed files again.",
        discussion: """
            A running daemon takes them up at once; otherwise the next watch or scan does.

            EXAMPLES
              vignette retry --all
              vignette retry ~/Pictures/broken.jpg ~/Pictures/2024
            """)

    @Argument(help: "Files, or folders with all that is below them.")
    var paths: [PathArgument] = []

    @Flag(help: "Every failed file.")
    var all = false

    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard all != !paths.isEmpty else {
            throw ValidationError("name files or folders, or say --all")
        }
    }

    func run() throws {
        let settings = try common.settings()
        let catalogue = try Catalogue(at: settings.catalogue, access: .visitor)
        var revived = 0
        if all {
            revived = try catalogue.retry(.all)
        } else {
            let absolute = paths.map { StandardPaths().absolute($0.path) }
            revived = try catalogue.retry(.paths(absolute))
            for path in absolute { revived += try catalogue.retry(.under(path)) }
        }
        catalogue.close()
        WakeFile.touch(for: settings.catalogue)
        if common.json {
            try JSONLine.write(["revived": revived])
        } else {
            StandardOutput.write(
                "\(revived) \(revived == 1 ? "file" : "files") will be tried again\n")
        }
    }
}
