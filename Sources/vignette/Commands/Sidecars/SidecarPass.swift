import ArgumentParser
import Catalogue
import Daemon
import Logging
import MediaDecoding
import Sidecars
import Synchronization
import SystemPackage

/// Goes through pictures and brings their sidecars in line, until the end or until it is stopped.
final class SidecarPass: StoppableWork {
    private let catalogue: Catalogue
    private let decoder: Decoder
    private let sync: SidecarSync
    private let paths: [FilePath]
    private let report: SidecarReport
    private let logger: Logger
    private let isStopped = Atomic(false)

    init(
        _ settings: Settings, below paths: [FilePath], isDryRun: Bool, prefersHere: Bool,
        report: SidecarReport
    ) throws {
        try SidecarFolderRoot.prepare(settings, isDryRun: isDryRun)
        self.paths = paths
        self.report = report
        logger = Log.make(settings)
        catalogue = try Catalogue(at: settings.catalogue, access: isDryRun ? .reader : .visitor)
        decoder = Decoder(
            executable: try DecoderLocation.find(), limits: settings.decoderLimits)
        sync = try SidecarSync(
            catalogue: catalogue, decoder: decoder, naming: settings.sidecarNaming,
            folder: settings.sidecarFolder, isDryRun: isDryRun, prefersHere: prefersHere)
    }

    /// Works until the end or a signal, and ends the process with what came of it.
    func runToEnd() throws {
        try StopSignals.run(self, logger: logger)
        decoder.close()
        catalogue.close()
        try report.finish(isStopped: isStopped.load(ordering: .relaxed))
    }

    func run() throws {
        report.begin(total: try catalogue.sidecarTaskCount(below: paths))
        var next: Int64? = 0
        while let after = next {
            let page = try catalogue.sidecarTasks(below: paths, after: after)
            var tasks = page.tasks[...]
            while !tasks.isEmpty {
                guard goesOn else { return }
                let batch = Array(tasks.prefix(SidecarSync.batch))
                tasks = tasks.dropFirst(batch.count)
                let results = try sync.bring(batch, while: { goesOn })
                for index in batch.indices {
                    if let result = results[index] { try report.add(result) }
                }
            }
            report.passed(page.count)
            next = page.next
        }
    }

    private var goesOn: Bool { !isStopped.load(ordering: .relaxed) }

    func stop() {
        isStopped.store(true, ordering: .relaxed)
    }
}
