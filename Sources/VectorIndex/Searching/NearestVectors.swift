/// What a search found.
public struct NearestVectors: Equatable, Sendable {
    /// The best, the best first.
    public var hits: [VectorHit]
    /// The similarities of the query to vectors evenly spread over the index, found or not: what is usual in
    /// this library for this query, which tells how much the hits stand out.
    public var background: SimilarityDistribution
    /// How many rows were multiplied out.
    public var scoredRows: Int
}

/// Mean and spread of similarities.
public struct SimilarityDistribution: Equatable, Sendable {
    /// How many similarities it is made of.
    public var count: Int
    /// Their mean; 0 for none.
    public var mean: Double
    /// Their standard deviation; 0 for none.
    public var deviation: Double

    /// Builds it from its parts.
    public init(count: Int, mean: Double, deviation: Double) {
        (self.count, self.mean, self.deviation) = (count, mean, deviation)
    }

    /// The distribution of numbers.
    init(_ numbers: some Collection<Double>) {
        count = numbers.count
        let mean = count > 0 ? numbers.reduce(0, +) / Double(count) : 0
        let variance =
            count > 0 ? numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count) : 0
        self.mean = mean
        deviation = variance.squareRoot()
    }
}
