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
              vignette status --service         the system's service, for members of its group
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
        let status = try StatusReport(
            of: try common.settings(), ignored: ignored, failures: failures)
        if common.json {
            try JSONLine.write(status)
        } else {
            StandardOutput.write(status.text)
        }
    }
}
