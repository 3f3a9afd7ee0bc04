import ArgumentParser
import Catalogue
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
        let places = try paths.map { try $0.real }
        try ReadingAgain(nouns: ("sidecar", "sidecars"), isDryRun: dryRun).run(common) {
            try $0.rereadSidecars(below: places, isDryRun: dryRun)
        } line: {
            ReadLine(sidecars: $0, isDryRun: dryRun)
        }
    }

    private struct ReadLine: Encodable {
        let sidecars: Int
        let isDryRun: Bool
    }
}
