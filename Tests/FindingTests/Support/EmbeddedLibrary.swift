import Catalogue
import FileSystem
import Foundation
import MediaDecoding
import SystemPackage
import TestSupport
import WorkQueue

/// A catalogue of pictures that have captions, and embeddings where a test gives them.
struct EmbeddedLibrary {
    let directory: TemporaryDirectory
    let catalogue: Catalogue
    private let root: Root

    static let recipe = Recipe(embeddingsOf: "tiny", version: "1")
    static let dimension = 3
    static let describing = Recipe(model: "tiny", version: "1", settings: [1])
    private static let disk = Volume(key: "disk", point: "")

    init() throws {
        directory = try TemporaryDirectory()
        catalogue = try Catalogue(
            at: directory.path.appending("catalogue.sqlite"), access: .owner)
        root = try catalogue.root(at: "/photos")
        try catalogue.setOnline(root.id, volumes: [Self.disk])
    }

    /// Adds pictures, numbered from 1 on, that show what their captions say.
    ///
    /// - Returns: Their assets, in the same order.
    @discardableResult
    func add(
        _ captions: [String], from first: Int = 1, kind: AssetKind = .still, takenAt: String? = nil,
        embeddings: [StoredEmbedding]? = nil, tokens: [[VisionToken]] = []
    ) throws -> [Int64] {
        var assets: [Int64] = []
        for (place, caption) in captions.enumerated() {
            let number = first + place
            let status = FileStatus(
                kind: .file, device: 7, inode: UInt64(number), size: 100, modified: 1, changed: 1)
            _ = try catalogue.observe(
                [.settled(FilePath("\(number).jpg"), status, Self.disk)], in: root.id)
            guard let job = try catalogue.lease(limit: 1, owner: "test").first else { continue }
            let facts = AssetFacts(
                identity: Array("\(number)".utf8), kind: kind, format: "jpeg", width: 4, height: 3,
                duration: kind == .video ? 60 : nil, capture: CaptureFacts(takenAt: takenAt))
            guard
                case .needsDescription(let work) = try catalogue.identified(
                    job, as: facts, wanting: Self.describing)
            else { continue }
            _ = try catalogue.complete(
                work,
                with: DescribedAsset(
                    recipe: Self.describing, texts: [ModelText(prompt: "caption", text: caption)],
                    tags: [], tokens: place < tokens.count ? tokens[place] : [],
                    embedded: embeddings.map { .init(recipe: Self.recipe, embeddings: $0) }))
            assets.append(work.asset)
        }
        return assets
    }

    /// An embedding of three numbers.
    static func embedding(
        _ first: Int8, _ second: Int8, _ third: Int8, second moment: Int32? = nil
    ) -> StoredEmbedding {
        StoredEmbedding(second: moment, values: [first, second, third], scale: 1 / 127)
    }
}
