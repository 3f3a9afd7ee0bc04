import Captioning
import Catalogue
import FileSystem
import Foundation
import Likeness
import Logging
import MediaDecoding
import Synchronization
import SystemPackage
import WorkQueue

/// What the threads of the pipeline share.
///
/// The ways in which a job can end are in `PipelineContext+Ending.swift`.
struct PipelineContext: Sendable {
    let catalogue: Catalogue
    let captioner: Captioner
    let lookup: FileLookup
    /// Stands in the catalogue beside every lease.
    let owner: String
    /// How long a file must stand still.
    let settle: Duration
    /// How long what is missing is kept.
    let grace: Duration
    /// News of work, and the stop.
    let signal: WakeSignal
    /// News of work done.
    let progress: WakeSignal
    let patience: StoragePatience
    let modelPatience: ModelPatience
    let notifier: ServiceNotifier
    let logger: Logger
    let onEvent: @Sendable (DescribingEvent) -> Void
    /// Called when no job is ready.
    let onDrained: @Sendable () -> Void
    /// How long the work takes.
    let clock: WorkClock
    /// Where small pictures are put that are made ahead; `nil` where none are.
    let thumbnails: ThumbnailStore?
    private let target = RecipeTarget()

    /// How long a job is left alone whose file could not be looked at.
    static let unknownPause = Duration.seconds(15)

    init(
        catalogue: Catalogue, captioner: Captioner, lookup: FileLookup, owner: String,
        settle: Duration, grace: Duration, signal: WakeSignal, progress: WakeSignal,
        patience: StoragePatience,
        modelPatience: ModelPatience, clock: WorkClock = WorkClock(),
        thumbnails: ThumbnailStore? = nil,
        notifier: ServiceNotifier, logger: Logger,
        onEvent: @escaping @Sendable (DescribingEvent) -> Void,
        onDrained: @escaping @Sendable () -> Void
    ) {
        self.catalogue = catalogue
        self.captioner = captioner
        self.lookup = lookup
        self.owner = owner
        self.settle = settle
        self.grace = grace
        self.signal = signal
        self.progress = progress
        self.patience = patience
        self.modelPatience = modelPatience
        self.clock = clock
        self.thumbnails = thumbnails
        self.notifier = notifier
        self.logger = logger
        self.onEvent = onEvent
        self.onDrained = onDrained
    }

    /// What descriptions are made by at present.
    var recipe: Recipe { captioner.recipe }

    /// What embeddings are made by at present; `nil` where the model makes none.
    var embeddingRecipe: Recipe? { captioner.embeddingRecipe }

    /// What is wanted of pictures besides descriptions: embeddings, or signatures alone where the model makes none.
    var lookingRecipe: Recipe {
        embeddingRecipe ?? Recipe(signaturesOf: Int(PictureSignature.version))
    }

    /// What the present model can be asked for.
    var recipes: Set<Recipe> { [recipe, lookingRecipe] }

    /// Lets what was wanted of a model that is no longer there be done by the present one.
    ///
    /// - Throws: `CatalogueError`.
    func retarget() throws {
        let recipes = recipes
        guard target.directed.withLock({ $0 != recipes }) else { return }
        _ = try patience.run { () throws(CatalogueError) in
            try catalogue.retargetNewWork(to: recipe, at: Date())
        }
        target.directed.withLock { $0 = recipes }
        progress.notify()
        // For `OfferingWorker`.
        signal.notify()
    }

    /// Whether what is wanted has been given to the present model, so that what is left is known.
    var isTargeted: Bool {
        let recipes = recipes
        return target.directed.withLock { $0 == recipes }
            && target.offered.withLock { $0 == recipes }
    }

    /// Lets pictures be found by meaning, and compared, that were described before this model was there.
    ///
    /// Ends early when the pipeline stops.
    ///
    /// - Throws: `CatalogueError`.
    func offerEmbeddings() throws {
        let (recipes, recipe) = (recipes, lookingRecipe)
        guard target.offered.withLock({ $0 != recipes }) else { return }
        let count = try patience.run { () throws(CatalogueError) in
            try catalogue.offerEmbeddings(
                by: recipe, signatures: Int(PictureSignature.version),
                shouldStop: { signal.stopped })
        }
        guard !signal.stopped else { return }
        target.offered.withLock { $0 = recipes }
        progress.notify()
        guard count > 0 else { return }
        logger.info(
            recipe.isOfSignatures
                ? "\(count) described pictures are made ready to be compared"
                : "\(count) described pictures are made ready to be found by meaning")
        signal.notify()
    }

    /// Lets files be tried again that earlier codecs could not read.
    ///
    /// - Throws: `CatalogueError`.
    func retryOlderVerdicts() throws {
        let count = try patience.run { () throws(CatalogueError) in
            try catalogue.retryVerdicts(olderThan: CodecsVersion.current)
        }
        guard count > 0 else { return }
        logger.info(
            "trying \(count) files again that an earlier version of the decoder could not read")
    }

    /// Whether the model is to stop; being asked shows the watchdog that the work gets on.
    func shouldStop() -> Bool {
        notifier.workLoopAdvanced()
        return signal.stopped
    }

    /// What the model is told of a picture with the question, by the settings; `nil` for nothing.
    ///
    /// - Throws: `CatalogueError`.
    func known(of work: WorkLease) throws -> PictureContext? {
        let parts = captioner.settings.context
        guard work.kind == .describe, !parts.isEmpty else { return nil }
        let facts = try patience.run { () throws(CatalogueError) in
            try catalogue.context(of: work.asset)
        }
        var known = PictureContext(keywords: facts.tags, takenAt: facts.takenAt)
        if let latitude = facts.latitude, let longitude = facts.longitude {
            known.coordinates = (latitude, longitude)
        }
        return known.tells(parts) ? known : nil
    }

    /// What stands at the place of a file that was lent out.
    enum Standing {
        /// The file as it was.
        case unchanged
        /// Something else, or the file after a change.
        case changed(FileStatus, Volume)
        /// Nothing, on the file's own volume.
        case absent(Volume)
        /// It could not be found out, or the file's volume is not there.
        case unknown(reason: String)
    }

    /// Looks at the place of a file.
    func standing(of file: FileInHand) -> Standing {
        switch lookup.look(at: file.relativePath, below: file.root) {
        case .present(let status, let volume):
            volume == file.volume && status.kind == .file && file.status.isUnchanged(in: status)
                ? .unchanged : .changed(status, volume)
        case .absent(let volume):
            volume == file.volume ? .absent(volume) : .unknown(reason: "its volume is not mounted")
        case .unknown(let error): .unknown(reason: "\(error)")
        }
    }

    /// Where to open a file, and the folder that it must not be outside of; `nil` where links are followed.
    func place(of file: FileInHand) -> (path: FilePath, folder: FilePath?) {
        lookup.opening(of: file.relativePath, below: file.root)
    }

    /// Whether the file is still the one that was lent out.
    func isUnchanged(_ file: FileInHand) -> Bool {
        if case .unchanged = standing(of: file) { true } else { false }
    }
}

/// The recipes that new work was last directed to, and those for which all assets were last looked through.
private final class RecipeTarget: Sendable {
    let directed = Mutex<Set<Recipe>?>(nil)
    let offered = Mutex<Set<Recipe>?>(nil)
}
