/// A table [entries, width] that rows are looked up in; it stays in the mapped file.
public struct EmbeddingTable: Sendable {
    private let weights: Weights

    /// Wraps a stored table.
    ///
    /// - Precondition: it has two dimensions.
    public init(_ weights: Weights) {
        precondition(weights.shape.count == 2)
        self.weights = weights
    }

    /// Number of rows.
    public var entries: Int { weights.shape[0] }
    /// Length of a row.
    public var width: Int { weights.shape[1] }

    /// The rows of these entries in single precision: [ids, width].
    ///
    /// - Precondition: every id is an entry.
    public func callAsFunction(_ ids: [Int]) -> Matrix {
        var rows = Matrix(uninitialisedRows: ids.count, columns: width)
        rows.write { target in
            for (row, id) in ids.enumerated() {
                precondition(id >= 0 && id < entries)
                weights.copyFloats(from: id * width, count: width, to: target + row * width)
            }
        }
        return rows
    }
}
