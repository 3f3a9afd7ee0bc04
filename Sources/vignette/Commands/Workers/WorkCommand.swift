import ArgumentParser
import Captioning
import Daemon
import Foundation
import Logging
import SystemPackage

/// Describes pictures for other machines' libraries.
struct WorkCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "work",
        abstract: "Describe pictures for libraries on other machines, until stopped.",
        discussion: """
            Takes reduced pictures from a queue in PostgreSQL, which the machine with the library fills where its \
            'workers.queue' names it, and answers with captions, tags and embeddings. Needs the same model as that machine, \
            no folder and no catalogue. Ctrl-C ends it; what is in hand goes back.

            EXAMPLES
              vignette work --queue postgresql://attic@nas.local/vignette
              vignette work                     the queue that the configuration names
            """)

    @Option(help: "The queue, as a connection string of libpq; passwords belong into ~/.pgpass.")
    var queue: String?

    @Option(help: "What this machine is called in 'vignette workers'; its host name if not given.")
    var name: String?

    @OptionGroup var model: ModelOptions
    @OptionGroup var common: CommonOptions

    func run() throws {
        StopSignals.prepare()
        let settings = try common.settings(model.flags)
        let address = try QueueAddress.find(queue, settings)
        let logger = Log.make(settings)
        let worker = try RemoteWorker(
            address, name: name ?? ProcessInfo.processInfo.hostName,
            program: Vignette.configuration.version,
            model: ModelLocator(models: settings.models).find(settings.model),
            settings: settings,
            logger: logger)
        try StopSignals.run(worker, logger: logger)
    }
}

/// Which queue is meant.
enum QueueAddress {
    /// The one that was named, or the configuration's.
    static func find(_ option: String?, _ settings: Settings) throws -> String {
        if let address = option ?? settings.workersQueue { return address }
        throw CommandFailure(
            "no queue is named: use --queue postgresql://HOST/DATABASE, or set 'workers.queue' in "
                + (settings.configurationFile ?? StandardPaths().configurationFiles[0]).string)
    }
}
