public import Catalogue
import VectorIndex
import WorkQueue

/// Finds pictures that are like others.
public struct LikenessSearch: Sendable {
    private let catalogue: Catalogue
    private let vectors: any PictureVectors

    /// Prepares a search by embeddings.
    public init(_ catalogue: Catalogue, _ meaning: Meaning) {
        self.catalogue = catalogue
        vectors = EmbeddingVectors(catalogue: catalogue, meaning: meaning)
    }

    /// Prepares a search by vision tokens.
    public init(_ catalogue: Catalogue, _ tokens: TokenVectors) {
        self.catalogue = catalogue
        vectors = tokens
    }

    /// What a picture of the library is found by.
    ///
    /// - Parameter asset: Its number.
    /// - Returns: A direction, of a clip the mean of its seconds'; `nil` where it was not looked at yet.
    /// - Throws: `CatalogueError`.
    public func direction(of asset: Int64) throws -> Direction? {
        Direction(meanOf: try vectors.vectors(of: asset).vectors)
    }

    /// Pictures that are like all of what is given, the likest first.
    ///
    /// - Parameters:
    ///   - given: What they shall be like.
    ///   - query: Whose filters must hold, and how many are wanted.
    ///   - assets: What is given itself, which is not among what is found.
    /// - Returns: The page; its similarities are those to the mean of what is given.
    /// - Throws: `CatalogueError`, `VectorIndexError`.
    public func callAsFunction(
        _ given: [Direction], _ query: SearchQuery, except assets: Set<Int64> = []
    ) throws -> FoundPage {
        guard let direction = Direction(meanOf: given.map(\.numbers)) else {
            return FoundPage(hits: [], hasMore: false)
        }
        let others = try Set(assets.map { try vectors.vectors(of: $0).asset })
        let near = try vectors.nearest(
            to: direction, query, limit: min(query.limit, .max / 2) + others.count + 1
        ).filter { !others.contains($0.asset) }
        let shown = Dictionary(
            uniqueKeysWithValues: near.prefix(query.limit).map { ($0.asset, $0) })
        let hits = try catalogue.hits(near.prefix(query.limit).map(\.asset), for: query)
        return FoundPage(
            hits: hits.map { hit in
                FoundHit(
                    hit, reasons: [], near: shown[hit.assetID],
                    score: (shown[hit.assetID]?.similarity).map(Double.init))
            }, hasMore: near.count > query.limit)
    }

    /// Seconds of clips that are like a direction.
    func seconds(
        like direction: Direction, _ query: SearchQuery, isCut: Bool
    ) throws -> [VectorHit] {
        try vectors.seconds(to: direction, query, cut: isCut ? .standingOut : nil)
    }
}

/// Where pictures or texts point among a model's embeddings.
public struct Direction: Equatable, Sendable {
    /// Its numbers, the sum of whose squares is 1.
    public let numbers: [Float]

    /// The mean of directions, each counting the same however long it is; `nil` where nothing is left.
    ///
    /// - Parameter vectors: Of one length; those of no length, or of no numbers, do not count.
    public init?(meanOf vectors: [[Float]]) {
        guard let count = vectors.first?.count else { return nil }
        var sum = [Double](repeating: 0, count: count)
        for vector in vectors where vector.count == count {
            let length = vector.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
            guard length.isFinite, length > 0 else { continue }
            for place in sum.indices { sum[place] += Double(vector[place]) / length }
        }
        let length = sum.reduce(0) { $0 + $1 * $1 }.squareRoot()
        guard length > 1e-9 else { return nil }
        numbers = sum.map { Float($0 / length) }
    }
}
