import ArgumentParser
import Catalogue
import Daemon
import SystemPackage

/// Has known sidecars read again.
struct SidecarsReadCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "read",
        abstract: "Read known sidecars once more.",
        discussion: """
            New and changed sidecars are read by themselves; this is for those that another program \
            wrote back with their old times. A running daemon takes the work up at once; otherwise the \
            next watch or scan does.

            EXAMPLES
              vignette sidecars read
              vignette sidecars read ~/Pictures/2024 --dry-run
            """)

    @Argument(help: "Files, or folders with all that is below them; everything if none is named.")
    var paths: [PathArgument] = []

    @Flag(help: "Say how many there are, and change nothing.")
    var dryRun = false

    @OptionGroup var common: CommonOptions

    func run() throws {
        let settings = try common.settings()
        let catalogue = try Catalogue(
            at: settings.catalogue, access: dryRun ? .reader : .visitor)
        let count = try catalogue.rereadSidecars(
            below: try paths.map { try $0.real }, isDryRun: dryRun)
        catalogue.close()
        if !dryRun { WakeFile.touch(for: settings.catalogue) }
        if common.json {
            return try JSONLine.write(ReadLine(sidecars: count, isDryRun: dryRun))
        }
        let sidecars = count == 1 ? "1 sidecar" : "\(count) sidecars"
        StandardOutput.write("\(sidecars) \(dryRun ? "would" : "will") be read again\n")
    }

    private struct ReadLine: Encodable {
        let sidecars: Int
        let isDryRun: Bool
    }
}
