import ArgumentParser
import Catalogue
import Daemon

/// The daemon in the foreground.
struct WatchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Describe what is in folders and whatever comes, until stopped.",
        discussion: """
            Prints a line for each file that was described, and on a terminal how far it is. Ctrl-C ends it; what was being \
            described is taken up again next time.

            EXAMPLES
              vignette watch ~/Pictures
              vignette watch                    the folders that the configuration lists
            """)

    @Argument(help: "Folders to watch; those of the configuration if none is named.")
    var folders: [PathArgument] = []

    @OptionGroup var model: ModelOptions
    @OptionGroup var common: CommonOptions

    func run() throws {
        StopSignals.prepare()
        let parts = try DaemonParts(common, model, folders: folders)
        let printer = ResultPrinter(
            json: common.json, progress: StandardError.isTerminal ? ProgressBar() : nil)
        var onProgress: (@Sendable (WorkProgress) -> Void)?
        if StandardError.isTerminal { onProgress = { printer.update($0) } }
        let service = try DaemonService(
            settings: parts.settings, catalogue: parts.catalogue, captioner: parts.captioner,
            decoderProgram: parts.decoderProgram, logger: parts.logger,
            program: Vignette.configuration.version,
            onEvent: { printer.print($0) },
            onProgress: onProgress)
        defer { printer.finish() }
        try StopSignals.run(service, logger: parts.logger)
    }
}
