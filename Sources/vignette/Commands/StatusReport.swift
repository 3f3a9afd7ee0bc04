import Captioning
import Catalogue
import Daemon
import Foundation
import SystemPackage

/// What `status` says, for programs by its keys and for people as text.
struct StatusReport: Encodable {
    struct RootLine: Encodable {
        let path: PathText
        let state: String
        let reason: String?
        let files: Int
        let described: Int
        let queued: Int
        let failed: Int
        let missing: Int
        let offline: Int
    }
    struct SidecarsLine: Encodable {
        let path: PathText
        let state: String
        let reason: String?
    }
    struct ModelLine: Encodable {
        let model: String
        let described: Int
    }
    struct WorkLine: Encodable {
        let done: Int
        let left: Int
        /// Files a second of work.
        let rate: Double?
        let secondsLeft: Double?

        init(_ part: WorkProgress.Part) {
            done = part.done
            left = part.left
            rate = part.rate
            secondsLeft = part.secondsLeft
        }
    }
    struct Work: Encodable {
        let new: WorkLine
        let redo: WorkLine
        /// Pictures that are made ready to be found by meaning, described before.
        let embeddings: WorkLine
    }
    struct FailureLine: Encodable {
        let path: PathText
        let reason: String
        let attempts: Int
    }

    let catalogue: PathText
    let bytes: Int64
    let daemon: Int32?
    let files: Int
    let described: Int
    let queued: Int
    let failed: Int
    let missing: Int
    let offline: Int
    /// Pictures that were cut short, and are described as far as they go.
    let incomplete: Int
    /// Pictures that are to be described for the first time, and again.
    let toDescribe: Int
    let toRedo: Int
    /// How far that is, with what is not yet known to be a picture.
    let work: Work
    /// Pictures that the present model and prompts have not described, but others have; `nil` where
    /// the model is not there.
    let older: Int?
    let roots: [RootLine]
    /// The folder in which sidecars are kept apart from their pictures.
    let sidecars: SidecarsLine?
    let models: [ModelLine]
    let failures: [FailureLine]
    /// What was left out of each folder, where that was asked for.
    let ignored: [IgnoredLine]?

    init(
        _ status: CatalogueStatus, pending: PendingWork, progress: WorkProgress, older: Int?,
        ignored: [RootPassedOver]?, failures: [Failure], catalogue: FilePath, daemon: Int32?
    ) {
        self.catalogue = PathText(catalogue)
        bytes = status.size
        incomplete = status.incomplete
        toDescribe = pending.new
        toRedo = pending.redo
        work = Work(
            new: WorkLine(progress.new), redo: WorkLine(progress.redo),
            embeddings: WorkLine(progress.embeddings))
        self.older = older
        self.ignored = ignored?.map(IgnoredLine.init)
        self.daemon = daemon
        sidecars = status.sidecarFolder.map {
            SidecarsLine(path: PathText($0.path), state: $0.stateWord, reason: $0.offlineReason)
        }
        roots = status.roots.map { line in
            RootLine(
                path: PathText(line.root.path), state: line.root.stateWord,
                reason: line.root.offlineReason, files: line.files, described: line.described,
                queued: line.queued, failed: line.failed, missing: line.missing,
                offline: line.offline)
        }
        models = status.models.map {
            ModelLine(model: "\($0.model)@\($0.version)", described: $0.assets)
        }
        self.failures = failures.map {
            FailureLine(path: PathText($0.path), reason: $0.reason, attempts: $0.attempts)
        }
        files = roots.map(\.files).reduce(0, +)
        described = roots.map(\.described).reduce(0, +)
        queued = roots.map(\.queued).reduce(0, +)
        failed = roots.map(\.failed).reduce(0, +)
        missing = roots.map(\.missing).reduce(0, +)
        offline = roots.map(\.offline).reduce(0, +)
    }

    /// Looks at the library of settings.
    ///
    /// - Parameters:
    ///   - settings: Those in force.
    ///   - ignored: Whether to count what was left out of each folder.
    ///   - failures: Most failed files to name.
    /// - Throws: `CatalogueError`.
    init(of settings: Settings, ignored: Bool, failures: Int) throws {
        let catalogue = try Catalogue(at: settings.catalogue, access: .reader)
        let captioner = OlderDescriptions.presentCaptioner(settings)
        let recipe = captioner?.recipe
        self.init(
            try catalogue.status(), pending: try catalogue.pending(),
            progress: try catalogue.progress(
                by: recipe, embeddingBy: captioner?.embeddingRecipe),
            older: try recipe.map { try catalogue.olderDescriptions(than: $0) },
            ignored: ignored ? try catalogue.passedOver() : nil,
            failures: try catalogue.failures(limit: failures),
            catalogue: catalogue.path, daemon: Catalogue.owner(at: catalogue.path))
    }

    var text: String {
        var text =
            "\(Style.bold("Catalogue"))  \(catalogue.display), "
            + "\(ByteCountFormatter.string(fromByteCount: bytes, countStyle: .file))\n"
        text +=
            daemon.map { "\(Style.bold("Daemon"))     at work as process \($0)\n" }
            ?? "\(Style.bold("Daemon"))     not running\n"
        var table = Table()
        table.add("folder", "files", "described", "queued", "failed", "missing", "offline", "state")
        for root in roots {
            table.add(
                root.path.display, String(root.files), String(root.described),
                String(root.queued), String(root.failed), String(root.missing),
                String(root.offline),
                Self.state(root.state, root.reason))
        }
        text += "\n" + table.text()
        if let sidecars {
            let state = Self.state(sidecars.state, sidecars.reason)
            text += "\nSidecars are kept in \(sidecars.path.display) (\(state))\n"
        }
        if incomplete > 0 {
            text += "\n\(incomplete) pictures and clips are incomplete: their ends are missing\n"
        }
        text += workText
        if !models.isEmpty {
            var table = Table()
            table.add("model", "pictures")
            for model in models { table.add(model.model, String(model.described)) }
            text += "\n" + table.text()
        }
        if let hint = older.flatMap({ OlderDescriptions(count: $0).text }) {
            text += "\n\(hint)\n"
        }
        if !failures.isEmpty {
            text += "\n" + Style.red("Failed; 'vignette retry' tries again:") + "\n"
            for failure in failures {
                text += "  \(failure.path.display): \(failure.reason)\n"
            }
        }
        for line in ignored ?? [] { text += "\n" + line.text }
        return text
    }

    private static func state(_ word: String, _ reason: String?) -> String {
        word == "offline" ? "offline: \(reason ?? "")" : word
    }

    /// What is done and left of new and of redone work; nothing where nothing is left.
    private var workText: String {
        var table = Table()
        let parts = [
            ("new", work.new), ("again", work.redo), ("for meaning", work.embeddings),
        ]
        for (name, part) in parts where part.left > 0 {
            table.add(
                name, "\(part.done) done", "\(part.left) left",
                part.rate.map(ProgressBar.rate) ?? "",
                part.secondsLeft.map { "\(ProgressBar.time($0)) of work left" } ?? "")
        }
        let text = table.text()
        return text.isEmpty ? "" : "\n" + text
    }
}

extension Root {
    /// Why it is out of reach, if it is.
    fileprivate var offlineReason: String? {
        if case .offline(let reason) = state { reason } else { nil }
    }

    /// Its state in a word or two.
    fileprivate var stateWord: String {
        !isWatched ? "not watched" : offlineReason == nil ? "online" : "offline"
    }
}
