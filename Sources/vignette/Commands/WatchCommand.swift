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

            Under systemd, 'systemctl reload vignette' has it read its configuration again: what is being described is             taken up again by the new settings, and a configuration that is wrong changes nothing. Folders that the             command line names stay.

            EXAMPLES
              vignette watch ~/Pictures
              vignette watch                    the folders that the configuration lists
            """)

    @Argument(help: "Folders to watch; those of the configuration if none is named.")
    var folders: [PathArgument] = []

    @OptionGroup var model: ModelOptions
    @OptionGroup var log: LogOptions
    @OptionGroup var common: CommonOptions

    func run() throws {
        StopSignals.prepare()
        let options = DaemonOptions(common, model, log, folders: folders)
        let printer = ResultPrinter(
            json: common.json, progress: StandardError.isTerminal ? ProgressBar() : nil)
        var onProgress: (@Sendable (WorkProgress) -> Void)?
        if StandardError.isTerminal { onProgress = { printer.update($0) } }
        defer { printer.finish() }
        var parts = try DaemonParts(options)
        while true {
            let service = try DaemonService(
                settings: parts.settings, catalogue: parts.catalogue, captioner: parts.captioner,
                decoderProgram: parts.decoderProgram, logger: parts.logger,
                program: Vignette.configuration.version,
                onEvent: { printer.print($0) },
                onProgress: onProgress)
            let reload = Reload(of: parts, options: options, service: service)
            try StopSignals.run(service, logger: parts.logger, onReload: reload?.begin)
            guard let next = try reload?.next() else { return }
            parts = next
        }
    }
}
