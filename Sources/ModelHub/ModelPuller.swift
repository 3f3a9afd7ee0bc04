public import SystemPackage

/// Fetches a model from the hub into the models folder.
///
/// The model's folder appears when every file in it is complete and verified. Until then, what has
/// come is kept beside it, and the next pull goes on from there. All calls block: make them from a
/// thread of your own.
public struct ModelPuller: Sendable {
    private let store: ModelStore
    private let environment: HubEnvironment
    private let settings: PullSettings

    /// What a pull came to.
    public struct Result: Equatable, Sendable {
        /// The model's folder.
        public let folder: FilePath
        /// Where its files come from.
        public let manifest: SourceManifest
        /// Whether it was there already, at the same commit.
        public let wasThere: Bool
    }

    /// What a repository holds.
    public enum Part: Sendable {
        /// A LLaVA-Mini checkpoint, which names its vision tower.
        case checkpoint
        /// A vision tower, with the rest of the CLIP that it is a part of.
        case visionTower
    }

    /// Prepares to fetch.
    ///
    /// - Parameters:
    ///   - store: The models folder.
    ///   - environment: Where the hub is.
    ///   - settings: How to go about it.
    public init(
        into store: ModelStore, environment: HubEnvironment, settings: PullSettings = PullSettings()
    ) {
        (self.store, self.environment, self.settings) = (store, environment, settings)
    }

    /// Fetches a model.
    ///
    /// - Parameters:
    ///   - repository: The checkpoint's repository.
    ///   - name: What the model is to be called here.
    ///   - part: What the repository holds.
    ///   - report: Is told what happens, from several threads.
    /// - Returns: The model's folder.
    /// - Throws: `HubError`. What has arrived is kept for the next time.
    public func pull(
        _ repository: RepositoryName, as name: String, part: Part = .checkpoint,
        report: @escaping @Sendable (PullEvent) -> Void = { _ in }
    ) throws -> Result {
        guard ModelStore.isName(name) else {
            throw HubError(HubError.printable(name), "cannot be the name of a model")
        }
        let stop = StopSignal()
        let observer = PullObserver(report)
        let transport = HTTPTransport(
            proxies: environment.proxies, trust: environment.trust,
            patience: environment.patience)
        defer { transport.shutdown() }
        let session = HubSession(
            endpoint: environment.endpoint, token: environment.token, transport: transport,
            stop: stop)
        let hub = HubRepositories(session: session, retry: settings.retry) {
            observer.notice($0, pause: $1)
        }
        let cache = CachedRepositories(cache: environment.cache)
        let source: any RepositorySource = environment.isOffline ? cache : hub

        observer.say(.step("looking at \(repository)"))
        let (pinned, files) = try source.pin(repository)
        if let existing = try existing(name, pinned) { return existing }
        let folder = try PartialFolder(store.partialFolder(name))
        let fetcher = FileFetcher(
            folder: folder, cache: cache,
            downloader: environment.isOffline
                ? nil
                : Downloader(
                    repositories: hub, session: session, folder: folder, settings: settings,
                    observer: observer),
            observer: observer, stop: stop)
        let gathering = ModelGathering(source: source, fetcher: fetcher, folder: folder)
        let gathered =
            switch part {
            case .checkpoint: try gathering.gather(pinned, files: files)
            case .visionTower: try gathering.gatherTower(pinned, files: files)
            }
        let manifest = gathered.manifest
        observer.say(.step("putting the model in place"))
        let target = store.folder.appending(name)
        try FolderPublication.publish(folder, gathered: gathered, as: target)
        return Result(folder: target, manifest: manifest, wasThere: false)
    }

    /// The model that stands under the name, if it is the one that is wanted.
    ///
    /// - Throws: `HubError` where another one stands there.
    private func existing(_ name: String, _ pinned: PinnedRepository) throws -> Result? {
        guard let entry = store.entry(name), let folder = entry.model else { return nil }
        let manifest = try SourceManifest(in: folder)
        let source = manifest?.sources.first
        if let manifest, let source, source.repository == pinned.name.repository,
            source.commit == pinned.commit.description
        {
            if let partial = entry.partial { removeLeftover(partial) }
            return Result(folder: folder, manifest: manifest, wasThere: true)
        }
        let what = source.map { "\($0.repository) at commit \($0.commit.prefix(12))" }
        throw HubError(
            folder,
            "is there already and holds \(what ?? "a model of unknown origin"), not "
                + "\(pinned) at commit \(pinned.commit.description.prefix(12))",
            advice: "Choose another name with --name, or remove it first with "
                + "'vignette model remove \(name)'.")
    }

    /// Removes what a pull left that was killed after the model was in place; it is in nobody's way
    /// where that fails.
    private func removeLeftover(_ partial: FilePath) {
        guard let lock = try? PartialFolder.lock(partial) else { return }
        defer { try? lock.close() }
        try? FolderRemoval.remove(partial)
    }
}
