import ArgumentParser
import Catalogue
import Daemon
import Foundation
import SystemPackage

/// The catalogue at a glance.
struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show folders, progress, models and what failed.",
        discussion: """
            The time that is left is that of the work alone, as fast as it lately went; without a word of it, \
            it is not known yet.

            EXAMPLES
              vignette status
              vignette status --ignored         also what lies in the folders and is not described
              vignette status --json
            """)

    @Option(help: "Most failed files to name.")
    var failures = 10

    @Flag(help: "Also count what was left out of each folder for its name, kind or extension.")
    var ignored = false

    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard failures >= 0 else { throw ValidationError("--failures must not be below zero") }
    }

    func run() throws {
        let settings = try common.settings()
        let catalogue = try Catalogue(at: settings.catalogue, access: .reader)
        let captioner = OlderDescriptions.presentCaptioner(settings)
        let recipe = captioner?.recipe
        let status = StatusReport(
            try catalogue.status(), pending: try catalogue.pending(),
            progress: try catalogue.progress(
                by: recipe, embeddingBy: captioner?.embeddingRecipe),
            older: try recipe.map { try catalogue.olderDescriptions(than: $0) },
            ignored: ignored ? try catalogue.passedOver() : nil,
            failures: try catalogue.failures(limit: failures),
            catalogue: catalogue.path, daemon: Catalogue.owner(at: catalogue.path))
        if common.json {
            try JSONLine.write(status)
        } else {
            StandardOutput.write(status.text)
        }
    }
}
