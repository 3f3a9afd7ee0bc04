import ArgumentParser
import Catalogue
import SystemPackage

/// Has known files looked into once more.
struct RereadCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reread",
        abstract: "Read dates, places and what people wrote from known files again.",
        discussion: """
            For files that an older version of Vignette has read: it knew fewer dates, places, \
            captions, keywords and Live Photos. Every file is read from its beginning to its end; \
            nothing is described again, and what is known stays until its file was read. A running \
            daemon takes the work up at once; otherwise the next watch or scan does.

            EXAMPLES
              vignette reread                       all that older versions read
              vignette reread ~/Pictures/2024 --dry-run
              vignette reread --all ~/Pictures/Phone
            """)

    @Argument(help: "Files, or folders with all that is below them; everything if none is named.")
    var paths: [PathArgument] = []

    @Flag(help: "Also what the present version has read.")
    var all = false

    @Flag(help: "Say how many there are, and change nothing.")
    var dryRun = false

    @OptionGroup var common: CommonOptions

    func run() throws {
        let selection = RereadSelection(
            paths: try paths.map { try $0.real }, includesCurrent: all)
        try ReadingAgain(nouns: ("file", "files"), isDryRun: dryRun).run(common) {
            dryRun ? try $0.rereadCandidates(selection) : try $0.reread(selection)
        } line: {
            RereadLine(files: $0, isDryRun: dryRun)
        }
    }

    private struct RereadLine: Encodable {
        let files: Int
        let isDryRun: Bool
    }
}
