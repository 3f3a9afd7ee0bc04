import Captioning
import Catalogue
import FileSystem
import Foundation
import Logging
import MediaDecoding
import Synchronization
import SystemPackage
import TestSupport
import Testing
import WorkQueue

@testable import Daemon

/// A folder, its catalogue and a tiny model, for tests of the parts of the pipeline.
final class PipelineBench: Sendable {
    let catalogue: Catalogue
    let captioner: Captioner
    let signal = WakeSignal()
    let outcomes = Outcomes()
    let drained = Counter()
    let root: Root
    let context: PipelineContext
    private let directory: TemporaryDirectory

    /// The tiny checkpoint of random weights.
    static let tinyModel = FilePath(#filePath).removingLastComponent().removingLastComponent()
        .removingLastComponent().appending("Fixtures/oracle/tiny-llava-mini")

    var folder: FilePath { directory.path.appending("photos") }
    var model: FilePath { directory.path.appending("model") }

    var thumbnails: FilePath { directory.path.appending("thumbnails") }

    init(
        settle: Duration = .seconds(3600), makesThumbnails: Bool = false,
        context: [PictureContext.Part] = []
    ) throws {
        let directory = try TemporaryDirectory()
        self.directory = directory
        catalogue = try Catalogue(
            at: directory.path.appending("catalogue.sqlite"), access: .owner)
        let folder = directory.path.appending("photos")
        try FileManager.default.createDirectory(
            atPath: folder.string, withIntermediateDirectories: false)
        let model = directory.path.appending("model")
        try FileManager.default.copyItem(atPath: Self.tinyModel.string, toPath: model.string)
        root = try catalogue.root(at: folder)
        var settings = CaptioningSettings()
        settings.answerTokens = 3
        settings.context = context
        captioner = try Captioner(folder: model, settings: settings)
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let lookup = FileLookup(roots: [folder])
        self.context = PipelineContext(
            catalogue: catalogue, captioner: captioner, lookup: lookup, owner: "test",
            settle: settle, grace: .seconds(60), signal: signal, progress: WakeSignal(),
            patience: StoragePatience(
                isPatient: false, signal: signal, logger: logger, onPatience: {}),
            modelPatience: ModelPatience(
                captioner: captioner, isPatient: false, signal: signal, logger: logger,
                onPatience: {}),
            thumbnails: makesThumbnails
                ? ThumbnailStore(in: directory.path.appending("thumbnails"), bound: 1 << 24) : nil,
            notifier: ServiceNotifier(environment: [:]), logger: logger,
            onEvent: { [outcomes] in outcomes.note($0) },
            onDrained: { [drained] in drained.raise() })
        guard case .present(_, let volume) = lookup.look(at: "", below: folder) else {
            throw NeverHappened(description: "a look at the folder")
        }
        try catalogue.setOnline(root.id, volumes: [volume])
    }

    /// Writes a file without telling the catalogue.
    func write(_ data: Data, to name: String) throws {
        try data.write(to: URL(filePath: folder.appending(name).string))
    }

    /// Removes a file without telling the catalogue.
    func remove(_ name: String) throws {
        try FileManager.default.removeItem(atPath: folder.appending(name).string)
    }

    /// Tells the catalogue what stands there, as the watcher would.
    func observe(_ name: String) throws {
        switch context.lookup.look(at: FilePath(name), below: folder) {
        case .present(let status, let volume):
            _ = try catalogue.observe([.settled(FilePath(name), status, volume)], in: root.id)
        case .absent(let volume):
            _ = try catalogue.observe([.absent(FilePath(name), volume)], in: root.id)
        case .unknown(let error): throw error
        }
    }

    /// A file that is queued.
    func add(_ data: Data, as name: String) throws {
        try write(data, to: name)
        try observe(name)
    }

    /// Lends out the next file's job.
    func nextJob() throws -> LeasedJob? {
        try catalogue.lease(limit: 1, owner: "test").first
    }

    /// Describes the next file as another model did.
    func describeNext(by recipe: Recipe, identity: [UInt8]? = nil) throws {
        guard let job = try nextJob() else { throw NeverHappened(description: "a job") }
        let decoder = Decoder(
            executable: try BuildProducts.program("vignette-decoder"), limits: .standard)
        defer { decoder.close() }
        var facts = AssetFacts(try decoder.probe(job.path))
        if let identity { facts.identity = identity }
        guard
            case .needsDescription(let work) = try catalogue.identified(
                job, as: facts, wanting: recipe)
        else { throw NeverHappened(description: "work for \(job.relativePath)") }
        let texts = [ModelText(prompt: "caption", text: "an old text")]
        #expect(
            try catalogue.complete(
                work, with: DescribedAsset(recipe: recipe, texts: texts, tags: [], tokens: [])))
    }

    /// Runs decoding and describing threads until no job is ready.
    ///
    /// - Throws: What ended one of them.
    func workUntilDrained() async throws {
        let queue = BoundedQueue<DescribingWork>(capacity: 16)
        let before = drained.value
        let threads = ThreadGroup { [signal] in
            signal.stop()
            queue.close()
        }
        let decoder = Decoder(
            executable: try BuildProducts.program("vignette-decoder"), limits: .standard)
        threads.start("decoding") { [self] in
            try DecodingWorker(context: context, decoder: decoder, output: queue).run()
        }
        threads.start("describing") { [self] in
            try DescribingWorker(context: context, input: queue, idle: .seconds(60)).run()
        }
        try await eventually("nothing is left to do") {
            if signal.stopped { return true }
            return try drained.value > before && catalogue.pending(by: captioner.recipe).total == 0
        }
        signal.stop()
        decoder.cancel()
        queue.close()
        try await onThread { try threads.wait() }
    }
}

/// What was heard of files, by their names.
final class Outcomes: Sendable {
    private let lists = Mutex(
        (described: [String](), known: [String](), failed: [String: String]()))

    var described: [String] { lists.withLock { $0.described } }
    var known: [String] { lists.withLock { $0.known } }
    var failed: [String: String] { lists.withLock { $0.failed } }

    func note(_ event: DescribingEvent) {
        lists.withLock { lists in
            switch event {
            case .described(_, let path, _): lists.described.append(path.string)
            case .known(_, let path): lists.known.append(path.string)
            case .failed(_, let path, let reason, _): lists.failed[path.string] = reason
            }
        }
    }
}

/// A count that any thread may raise.
final class Counter: Sendable {
    private let count = Atomic(0)

    var value: Int { count.load(ordering: .relaxed) }

    func raise() { count.add(1, ordering: .relaxed) }
}
