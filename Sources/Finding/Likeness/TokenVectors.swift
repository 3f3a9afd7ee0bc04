public import Catalogue
import VectorIndex
public import WorkQueue

/// The vision tokens of a library, by which pictures are like each other where a model makes no embeddings.
///
/// LLaVA-Mini's token is all that the language model sees of a picture. What all pictures share is taken away first,
/// the mean over the first thousand tokens, so that 0 means nothing in common; SPEED.md has how well that
/// serves. Every look reads all tokens: there is no index of them.
public struct TokenVectors: PictureVectors {
    /// Tokens whose mean is the middle of all.
    private static let centring = 1024
    private static let rowsAtOnce = 2048
    /// So many of the nearest are asked at once for what else must hold.
    private static let candidates = 4000

    private let catalogue: Catalogue
    private let recipe: Recipe
    private let centre: [Float]

    /// Finds the middle of all tokens.
    ///
    /// - Parameters:
    ///   - catalogue: The library.
    ///   - recipe: What made the tokens: model and questions.
    /// - Throws: `NoMeaning` where there are none; `CatalogueError`.
    public init(of catalogue: Catalogue, by recipe: Recipe) throws {
        (self.catalogue, self.recipe) = (catalogue, recipe)
        let first = try catalogue.tokens(by: recipe, after: 0, limit: Self.centring)
        guard let width = first.first?.token.elements.count, width > 0 else {
            throw NoMeaning("no picture has been described by '\(recipe.model)' as it is set now")
        }
        var sum = [Double](repeating: 0, count: width)
        var count = 0.0
        for elements in first.map(\.token.elements) where elements.count == width {
            for place in sum.indices { sum[place] += Double(elements[place]) }
            count += 1
        }
        // The middle of one alone is that one, of which nothing would be left.
        centre = count > 1 ? sum.map { Float($0 / count) } : sum.map { _ in 0 }
    }

    /// What tokens point to, without what all share.
    ///
    /// - Parameter tokens: A picture's token, or those of a clip's seconds.
    /// - Returns: `nil` where nothing is left.
    public func direction(of tokens: [[Float]]) -> Direction? {
        Direction(meanOf: tokens.compactMap(centred))
    }

    private func centred(_ token: [Float]) -> [Float]? {
        token.count == centre.count ? zip(token, centre).map { $0 - $1 } : nil
    }

    func vectors(of asset: Int64) throws -> (asset: Int64, vectors: [[Float]]) {
        let (owner, tokens) = try catalogue.tokens(of: asset, by: recipe)
        return (owner, tokens.map(\.elements).compactMap(centred))
    }

    func nearest(
        to direction: Direction, _ query: SearchQuery, limit: Int
    ) throws -> [VectorHit] {
        var best: [Int64: VectorHit] = [:]
        try forEach(direction) { hit in
            if let other = best[hit.asset], other.similarity >= hit.similarity { return }
            best[hit.asset] = hit
        }
        var rest = Self.sorted(Array(best.values))[...]
        var found: [VectorHit] = []
        while found.count < limit, !rest.isEmpty {
            let next = rest.prefix(Self.candidates)
            let kept = Set(try catalogue.fitting(next.map(\.asset), query))
            found += next.filter { kept.contains($0.asset) }
            rest = rest.dropFirst(Self.candidates)
        }
        return Array(found.prefix(limit))
    }

    func seconds(
        to direction: Direction, _ query: SearchQuery, cut: MeaningCut?
    ) throws -> [VectorHit] {
        let clips = Set(try catalogue.fitting(try catalogue.clips(), query))
        guard !clips.isEmpty else { return [] }
        var found: [VectorHit] = []
        var (count, sum, squares) = (0, 0.0, 0.0)
        try forEach(direction) { hit in
            let similarity = Double(hit.similarity)
            (count, sum, squares) = (count + 1, sum + similarity, squares + similarity * similarity)
            if hit.second != IndexedVector.wholeAsset, clips.contains(hit.asset) {
                found.append(hit)
            }
        }
        let sorted = Self.sorted(found)
        guard let cut, let best = sorted.first else { return sorted }
        let mean = sum / Double(count)
        let bound = cut.bound(
            SimilarityDistribution(
                count: count, mean: mean,
                deviation: max(squares / Double(count) - mean * mean, 0).squareRoot()),
            best: best.similarity)
        return Array(sorted.prefix { $0.similarity >= bound })
    }

    private static func sorted(_ hits: [VectorHit]) -> [VectorHit] {
        hits.sorted {
            ($0.similarity, $1.asset, $1.second) > ($1.similarity, $0.asset, $0.second)
        }
    }

    /// How like a direction each token is, in the order in which they are stored.
    private func forEach(_ direction: Direction, _ body: (VectorHit) -> Void) throws {
        let numbers = direction.numbers
        guard numbers.count == centre.count else { return }
        var last: Int64 = 0
        while true {
            let rows = try catalogue.tokens(by: recipe, after: last, limit: Self.rowsAtOnce)
            for row in rows where row.token.elements.count == numbers.count {
                let similarity = Self.cosine(row.token.elements, centre, numbers)
                let second = row.token.second.map { Int32(min(max($0, 0), 1e9)) }
                body(
                    VectorHit(
                        asset: row.asset, second: second ?? IndexedVector.wholeAsset,
                        similarity: similarity))
            }
            guard rows.count == Self.rowsAtOnce, let end = rows.last?.number else { return }
            last = end
        }
    }

    /// The cosine of a token, without what all share, and a direction of length 1; 0 where nothing is left.
    private static func cosine(_ token: [Float], _ centre: [Float], _ direction: [Float]) -> Float {
        var (product, square): (Float, Float) = (0, 0)
        for place in token.indices {
            let value = token[place] - centre[place]
            product += value * direction[place]
            square += value * value
        }
        return square > 1e-12 ? product / square.squareRoot() : 0
    }
}
