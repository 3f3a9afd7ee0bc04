import ArgumentParser
import Daemon
import ServiceLifecycle

/// The daemon in the foreground.
struct WatchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Describe what is in folders and whatever comes, until stopped.",
        discussion: """
            Prints a line for each file that was described. Ctrl-C ends it; what was being \
            described is taken up again next time.

            EXAMPLES
              vignette watch ~/Pictures
              vignette watch                    the folders that the configuration lists
            """)

    @Argument(help: "Folders to watch; those of the configuration if none is named.")
    var folders: [PathArgument] = []

    @OptionGroup var model: ModelOptions
    @OptionGroup var common: CommonOptions

    func run() async throws {
        let parts = try await DaemonParts(common, model, folders: folders)
        let printer = ResultPrinter(json: common.json)
        let service = try DaemonService(
            settings: parts.settings, catalogue: parts.catalogue, captioner: parts.captioner,
            decoderProgram: parts.decoderProgram, logger: parts.logger,
            onEvent: { printer.print($0) })
        try await run(service, logger: parts.logger)
    }
}
