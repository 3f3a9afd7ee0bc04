import Catalogue
import VectorIndex
import WorkQueue

/// The vectors that a library's pictures and clips are like each other by.
protocol PictureVectors: Sendable {
    /// Those of an asset, a clip's in the order of its seconds, and the asset that has them: another one may stand
    /// for it. None where it was not looked at.
    func vectors(of asset: Int64) throws -> (asset: Int64, vectors: [[Float]])

    /// Pictures that lie in a direction, the nearest first, a clip by its nearest second; those that a query's
    /// filters leave.
    func nearest(
        to direction: Direction, _ query: SearchQuery, limit: Int
    ) throws -> [VectorHit]

    /// Seconds of clips likewise, as far as a cut leaves them.
    func seconds(
        to direction: Direction, _ query: SearchQuery, cut: MeaningCut?
    ) throws -> [VectorHit]
}

/// The embeddings that a model makes.
struct EmbeddingVectors: PictureVectors {
    let catalogue: Catalogue
    let meaning: Meaning

    private var search: DirectionSearch {
        DirectionSearch(catalogue: catalogue, meaning: meaning)
    }

    func vectors(of asset: Int64) throws -> (asset: Int64, vectors: [[Float]]) {
        let (owner, stored) = try catalogue.embeddings(of: asset, by: meaning.recipe)
        return (owner, stored.map(\.numbers))
    }

    func nearest(
        to direction: Direction, _ query: SearchQuery, limit: Int
    ) throws -> [VectorHit] {
        try search.nearest(to: direction.numbers, query, limit: limit, cut: nil)
    }

    func seconds(
        to direction: Direction, _ query: SearchQuery, cut: MeaningCut?
    ) throws -> [VectorHit] {
        try search.seconds(to: direction.numbers, query, cut: cut)
    }
}
