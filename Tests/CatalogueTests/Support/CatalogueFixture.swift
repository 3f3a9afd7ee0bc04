import Catalogue
import FileSystem
import Foundation
import MediaDecoding
import SystemPackage
import TestSupport
import WorkQueue

/// A catalogue of its own for a test, with one root that exists in the catalogue only.
struct CatalogueFixture {
    let directory: TemporaryDirectory
    let path: FilePath
    let catalogue: Catalogue
    let root: Root

    init() throws {
        directory = try TemporaryDirectory()
        path = directory.path.appending("catalogue.sqlite")
        catalogue = try Catalogue(at: path, access: .owner)
        root = try catalogue.root(at: "/photos")
        try catalogue.setOnline(root.id, volumes: [Self.disk])
        try catalogue.lookedThrough(root.id, at: Date(timeIntervalSince1970: 0))
    }

    /// What the root stands in.
    static let disk = Volume(key: "disk", point: "")

    /// A moment, so many seconds after an arbitrary beginning.
    static func time(_ seconds: Double) -> Date {
        Date(timeIntervalSince1970: 1_700_000_000 + seconds)
    }

    /// A file's status; the inode tells files apart, the version tells contents apart.
    static func status(_ inode: UInt64, version: Int64 = 1, changed: Int64 = 1) -> FileStatus {
        FileStatus(
            kind: .file, device: 7, inode: inode, size: 100 * version, modified: version,
            changed: changed)
    }

    /// Observes settled files, with inodes 1, 2, … in their order.
    @discardableResult
    func observe(_ paths: String..., at time: Double = 0) throws -> ObservationOutcome {
        let observations = paths.enumerated().map { index, path in
            FileObservation.settled(
                FilePath(path), Self.status(UInt64(index + 1)), Self.disk)
        }
        return try catalogue.observe(observations, in: root.id, at: Self.time(time))
    }

    @discardableResult
    func observe(
        _ observation: FileObservation, at time: Double = 0
    ) throws -> ObservationOutcome {
        try catalogue.observe([observation], in: root.id, at: Self.time(time))
    }

    /// The next job; the test fails without one.
    func lease(at time: Double = 0) throws -> LeasedJob {
        guard let job = try nextJob(at: time) else { throw FixtureError.noJob }
        return job
    }

    /// The next job, if there is one.
    func nextJob(at time: Double = 0) throws -> LeasedJob? {
        try catalogue.lease(limit: 1, owner: "test", at: Self.time(time)).first
    }

    /// The next work, if there is any.
    func nextWork(at time: Double = 0) throws -> WorkLease? {
        try catalogue.lease(LeaseRequest(worker: "test", now: Self.time(time))).first
    }

    /// Leases the next job and finds that its asset is to be described; the test fails otherwise.
    func leaseWork(as content: UInt8, at time: Double = 0) throws -> WorkLease {
        let job = try lease(at: time)
        guard case .needsDescription(let work) = try identify(job, as: content, at: time) else {
            throw FixtureError.superseded
        }
        return work
    }

    /// Leases the next job, of a sidecar, and reads it.
    func readNext(_ facts: SidecarFacts, at time: Double = 0) throws {
        try catalogue.read(sidecar: lease(at: time), saying: facts, at: Self.time(time))
    }

    func identify(
        _ job: LeasedJob, as content: UInt8, at time: Double = 0
    ) throws -> Identification {
        try catalogue.identified(
            job, as: Self.facts(content), wanting: Self.recipe, at: Self.time(time))
    }

    /// Leases the next job, identifies its file and describes it if that is needed.
    @discardableResult
    func describeNext(
        as content: UInt8, caption: String = "a boat", tags: [ModelTag] = ["boat"],
        capture: CaptureFacts = CaptureFacts(), texts: EmbeddedTexts = EmbeddedTexts(),
        at time: Double = 0
    ) throws -> Int64 {
        let job = try lease(at: time)
        var facts = Self.facts(content, capture: capture)
        facts.texts = texts
        switch try catalogue.identified(
            job, as: facts, wanting: Self.recipe, at: Self.time(time)
        ) {
        case .described(let asset): return asset
        case .needsDescription(let work):
            let result = Self.result(caption: caption, tags: tags)
            guard try catalogue.complete(work, with: result, at: Self.time(time)) else {
                throw FixtureError.superseded
            }
            return work.asset
        case .waiting, .superseded: throw FixtureError.superseded
        }
    }

    static func facts(
        _ content: UInt8, kind: AssetKind = .still, capture: CaptureFacts = CaptureFacts()
    ) -> AssetFacts {
        AssetFacts(
            identity: [UInt8](repeating: content, count: 32), kind: kind, format: "jpeg",
            width: 640, height: 480, duration: kind == .video ? 3 : nil, capture: capture)
    }

    static let recipe = Recipe(model: "tiny", version: "1", settings: [1, 2, 3])

    static func result(
        caption: String = "a boat", tags: [ModelTag] = ["boat"], recipe: Recipe = recipe
    ) -> DescribedAsset {
        DescribedAsset(
            recipe: recipe, texts: [ModelText(prompt: "caption", text: caption)], tags: tags,
            tokens: [VisionToken(elements: [0.5, -1, 2])])
    }

    func show(_ path: String) throws -> FileDetails? {
        try catalogue.show(root.path.appending(path))
    }

    /// The paths below the root of all files that a search finds.
    func found(_ text: String) throws -> [String] {
        try catalogue.search(SearchQuery(text)).flatMap { hit in
            hit.files.map(\.relativePath.string)
        }
    }
}

enum FixtureError: Error {
    case noJob
    case superseded
}
