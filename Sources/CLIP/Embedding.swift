/// A picture or a text as a direction: pictures and texts that mean the same point the same way.
public struct Embedding: Equatable, Sendable {
    /// `projection_dim` numbers, the sum of whose squares is 1.
    public let values: [Float]

    /// Divides a vector by its length; nil where it has none, or is no vector of numbers.
    init?(normalising vector: [Float]) {
        let squares = vector.reduce(0.0) { $0 + Double($1) * Double($1) }
        guard squares.isFinite, squares > 0 else { return nil }
        let scale = 1 / squares.squareRoot()
        values = vector.map { Float(Double($0) * scale) }
    }

    /// The cosine of the angle between two embeddings of the same model: 1 where they are the same.
    ///
    /// - Precondition: both have the same number of numbers.
    public func cosine(to other: Embedding) -> Float {
        precondition(values.count == other.values.count)
        return Float(zip(values, other.values).reduce(0.0) { $0 + Double($1.0) * Double($1.1) })
    }
}
