import ArgumentParser
import Catalogue
import Daemon
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
        let settings = try common.settings()
        let catalogue = try Catalogue(
            at: settings.catalogue, access: dryRun ? .reader : .visitor)
        let selection = RereadSelection(
            paths: try paths.map { try $0.real }, includesCurrent: all)
        let count =
            dryRun ? try catalogue.rereadCandidates(selection) : try catalogue.reread(selection)
        catalogue.close()
        if !dryRun { WakeFile.touch(for: settings.catalogue) }
        if common.json {
            return try JSONLine.write(RereadLine(files: count, isDryRun: dryRun))
        }
        let files = count == 1 ? "1 file" : "\(count) files"
        StandardOutput.write("\(files) \(dryRun ? "would" : "will") be read again\n")
    }

    private struct RereadLine: Encodable {
        let files: Int
        let isDryRun: Bool
    }
}
