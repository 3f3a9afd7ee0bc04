import Tensor

/// Who attends to whom in one layer, token by token, or in cells of several where there are many.
public struct AttentionMap: Equatable, Sendable {
    /// Cells along an edge.
    public var edge: Int
    /// The mean weight of each cell, row by row; a row is one that looks.
    public var weights: [Float]
    /// How many tokens share a cell along an edge.
    public var tokensOfCell: Int
    /// What the tokens are, in order; one that nobody attends to is none.
    public var kinds: [TokenKind?]

    /// The most cells along an edge.
    static let mostCells = 256

    /// Folds a layer's attention, averaged over the heads [tokens, tokens].
    init(_ attention: Matrix, kinds: [TokenKind?]) {
        let tokens = attention.rows
        let step = max((tokens + Self.mostCells - 1) / Self.mostCells, 1)
        let edge = (tokens + step - 1) / step
        var sums = [Float](repeating: 0, count: edge * edge)
        for row in 0..<tokens {
            attention.read(row: row) { seen in
                for column in 0...row { sums[row / step * edge + column / step] += seen[column] }
            }
        }
        (self.edge, tokensOfCell, self.kinds) = (edge, step, kinds)
        weights = sums.map { $0 / Float(step * step) }
    }
}
