import Captioning
import Daemon
import Logging
import Synchronization

/// A change of the daemon's configuration while it is at work.
///
/// The new configuration is checked while the daemon goes on. One that holds is taken by another daemon in the same
/// process: what is in hand goes back to the queue, and nothing that was done is lost.
final class Reload: Sendable {
    private let parts: DaemonParts
    private let options: DaemonOptions
    private let service: DaemonService
    private let notifier = ServiceNotifier()
    private let wanted = Mutex<(settings: Settings, captioner: Captioner)?>(nil)

    /// Waits for one; `nil` where nothing has started this process that would ask for it.
    init?(of parts: DaemonParts, options: DaemonOptions, service: DaemonService) {
        guard notifier.isHeard else { return nil }
        self.parts = parts
        self.options = options
        self.service = service
    }

    /// Reads the configuration, and has the daemon end where that can be used.
    @Sendable func begin() {
        notifier.reloading()
        do {
            let settings = try options.settings()
            let captioner = try captioner(for: settings)
            wanted.withLock { $0 = (settings, captioner) }
            service.handOver()
        } catch {
            parts.logger.error("the configuration was not taken, and all stays as it was: \(error)")
            notifier.ready()
        }
    }

    /// What the next daemon is made of; `nil` where no change has ended the one before.
    ///
    /// - Throws: `CatalogueError`, and what keeps the former configuration from being taken up again.
    func next() throws -> DaemonParts? {
        guard let (settings, captioner) = wanted.withLock({ $0 }) else { return nil }
        // One model at a time: two of them may not fit into memory.
        if captioner !== parts.captioner { parts.captioner.unload() }
        do {
            let next = try DaemonParts(settings, captioner)
            next.logger.notice("the configuration was read again")
            return next
        } catch {
            parts.logger.error("the configuration was not taken, and all stays as it was: \(error)")
            captioner.unload()
            return try DaemonParts(parts.settings, parts.captioner)
        }
    }

    /// The model that is at work, where it is still the one to use.
    private func captioner(for settings: Settings) throws -> Captioner {
        let folder = try ModelLocator(models: settings.models).find(settings.model)
        let isSame =
            folder == parts.captioner.folder && settings.captioning == parts.settings.captioning
            && settings.threads == parts.settings.threads
        return isSame
            ? parts.captioner
            : try Captioner(
                folder: folder, settings: settings.captioning, threads: settings.threads)
    }
}
