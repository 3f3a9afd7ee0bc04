import ArgumentParser
import Catalogue
import Daemon
import MediaDecoding
import Sidecars

/// Brings sidecars in line with the catalogue.
struct SidecarsWriteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "write",
        abstract: "Bring sidecars in line with captions, titles and tags.",
        discussion: """
            What is done already is passed over, so that a run that was ended goes on where it was. \
            Exit status 1 if a sidecar could not be written; it is tried again by the next run.

            EXAMPLES
              vignette sidecars write                          all that is known
              vignette sidecars write ~/Pictures/2024 --dry-run
              vignette sidecars write --prefer-here a.jpg      settle a conflict by the text here
            """)

    @Argument(help: "Files, or folders with all that is below them; everything if none is named.")
    var paths: [PathArgument] = []

    @Flag(help: "Say what would be written, and write nothing.")
    var dryRun = false

    @Flag(help: "Where people disagree, let the text here take the place of the sidecar's.")
    var preferHere = false

    @OptionGroup var common: CommonOptions

    func run() throws {
        let settings = try common.settings()
        guard dryRun || settings.sidecarWriting != .never else {
            throw CommandFailure(
                "sidecars are not written, since sidecars.write is 'never'; set it to 'ask' or "
                    + "'always' in the configuration, or use --dry-run")
        }
        let pass = try SidecarPass(
            settings, below: paths.map { try $0.real }, isDryRun: dryRun, prefersHere: preferHere,
            report: SidecarReport(isJSON: common.json, isDryRun: dryRun))
        try pass.runToEnd()
    }
}

/// Shows what would change.
struct SidecarsDiffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Show field by field what writing sidecars would change.",
        discussion: """
            Writes nothing.

            EXAMPLES
              vignette sidecars diff
              vignette sidecars diff ~/Pictures/2024/a.jpg --json
            """)

    @Argument(help: "Files, or folders with all that is below them; everything if none is named.")
    var paths: [PathArgument] = []

    @OptionGroup var common: CommonOptions

    func run() throws {
        let pass = try SidecarPass(
            common.settings(), below: paths.map { try $0.real }, isDryRun: true,
            prefersHere: false,
            report: SidecarReport(isJSON: common.json, isDryRun: true, showsFields: true))
        try pass.runToEnd()
    }
}
