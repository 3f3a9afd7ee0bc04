public import Catalogue
public import Likeness
import VectorIndex
import WorkQueue

/// Finds the stills of a library that are copies of one picture, or pictures of one burst.
///
/// A raw and its JPEG, and the parts of a Live Photo, are one still; files with the same picture byte for byte are
/// one asset, and copies already (`Catalogue.assetsWithCopies`). Signatures and embeddings are read as they are
/// needed.
public struct LibraryDuplicates {
    /// How many embeddings nearest to a still's are compared with it.
    private static let neighbours = 48
    private static let stillsAtOnce = 5000
    /// Up to how many stills each one's neighbours are looked for in the index, all of which every look
    /// reads; of more, candidates are those with like hashes.
    private static let mostWithNeighbours = 20_000

    private let catalogue: Catalogue
    private let meaning: Meaning?

    /// Prepares a search.
    ///
    /// - Parameters:
    ///   - catalogue: The library.
    ///   - meaning: What its stills' neighbours are found by; `nil` for their signatures alone.
    public init(_ catalogue: Catalogue, _ meaning: Meaning?) {
        (self.catalogue, self.meaning) = (catalogue, meaning)
    }

    /// The groups, copies first.
    ///
    /// - Parameter onProgress: Told often how many stills were looked at, and of how many; what it throws ends the
    ///   search.
    /// - Returns: The groups.
    /// - Throws: `CatalogueError`, `VectorIndexError`; what `onProgress` throws.
    public func groups(
        onProgress: (_ done: Int, _ total: Int) throws -> Void = { _, _ in }
    ) throws -> [DuplicateGroup] {
        let stills = try stills()
        var embedded: Set<Int64> = []
        if let meaning, stills.count <= Self.mostWithNeighbours {
            embedded = try catalogue.embeddedAssets(by: meaning.recipe)
        }
        let sources = DuplicateSources(
            signature: { asset in
                try catalogue.signature(of: asset, version: Int(PictureSignature.version))
                    .flatMap { PictureSignature(bytes: $0) }
            },
            hasEmbedding: { embedded.contains($0) }, neighbours: { try neighbours(of: $0) },
            cosine: { try cosine($0, $1) })
        return try DuplicateSearch(stills, sources: sources).groups(onProgress: onProgress)
    }

    private func stills() throws -> [ComparedStill] {
        var stills: [ComparedStill] = []
        while true {
            let page = try catalogue.stills(
                after: stills.last?.id ?? 0, limit: Self.stillsAtOnce)
            stills += page.map { still in
                ComparedStill(
                    id: still.asset,
                    captureTime: still.takenAt.flatMap { CaptureClock.seconds($0) },
                    camera: still.camera, pixelCount: still.width * still.height,
                    byteCount: still.bytes)
            }
            if page.count < Self.stillsAtOnce { return stills }
        }
    }

    private func direction(of asset: Int64) throws -> Direction? {
        guard let meaning else { return nil }
        return try LikenessSearch(catalogue, meaning).direction(of: asset)
    }

    private func neighbours(of asset: Int64) throws -> [Int64] {
        guard let meaning, let direction = try direction(of: asset) else { return [] }
        return try meaning.index.nearest(
            to: direction.numbers, count: Self.neighbours, bestOfEachAsset: true
        ).hits.map(\.asset)
    }

    private func cosine(_ one: Int64, _ other: Int64) throws -> Double? {
        guard let first = try direction(of: one), let second = try direction(of: other) else {
            return nil
        }
        return zip(first.numbers, second.numbers).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }
}
