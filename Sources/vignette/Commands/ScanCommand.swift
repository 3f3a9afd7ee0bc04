import ArgumentParser
import Catalogue
import Daemon

/// One pass over the folders.
struct ScanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scan",
        abstract: "Describe what is new in folders, then end.",
        discussion: """
            Prints a line for each file that was described. Files that could not be are named on \
            standard error and by 'vignette status'. Ctrl-C or SIGTERM ends the pass early, with exit \
            status 3; what is not done is done next time. The last line on standard error says what was \
            passed over for its name, kind or extension.

            EXAMPLES
              vignette scan ~/Pictures
              vignette scan --hd /mnt/archive
            """)

    @Argument(help: "Folders to look through; those of the configuration if none is named.")
    var folders: [PathArgument] = []

    @OptionGroup var model: ModelOptions
    @OptionGroup var log: LogOptions
    @OptionGroup var common: CommonOptions

    func run() throws {
        StopSignals.prepare(status: Self.unfinishedStatus)
        let parts = try DaemonParts(DaemonOptions(common, model, log, folders: folders))
        let printer = ResultPrinter(json: common.json, progress: ProgressBar())
        let pass = try ScanPass(
            settings: parts.settings, catalogue: parts.catalogue, captioner: parts.captioner,
            decoderProgram: parts.decoderProgram, logger: parts.logger,
            onEvent: { printer.print($0) },
            onProgress: { printer.update($0) })
        do {
            defer { printer.finish() }
            try StopSignals.run(pass, logger: parts.logger)
        }
        if let line = PassedOverText(pass.passedOver).line { StandardError.write(line + "\n") }
        guard pass.isFinished else { throw ExitCode(Self.unfinishedStatus) }
    }

    /// The exit status of a pass that was asked to end before it was done.
    private static let unfinishedStatus: Int32 = 3
}
