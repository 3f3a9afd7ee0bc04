package import ModelLoading
import Tensor

/// CLIP's text tower with its projection: from token ids to embeddings, and no words.
package struct CLIPTextModel: Sendable {
    private let tower: CLIPTextTower
    private let projection: Linear

    /// Numbers in an embedding.
    package var dimension: Int { projection.outputs }

    /// The tensors that it is loaded from.
    package static func tensors(_ c: CLIPTextConfiguration, dimension: Int) -> [TensorShape] {
        CLIPTextTower.tensors(at: CLIPFolder.textTower, c)
            + TensorShape.linear(
                CLIPFolder.textProjection, inputs: c.stack.width, outputs: dimension,
                hasBias: false)
    }

    /// Loads it.
    ///
    /// - Throws: `ModelError` where a tensor is not among the weights.
    package init(_ c: CLIPTextConfiguration, from weights: WeightInventory) throws {
        tower = try CLIPTextTower(at: CLIPFolder.textTower, c, from: weights)
        projection = try weights.linear(CLIPFolder.textProjection)
    }

    /// Embeds texts by their last tokens.
    ///
    /// - Parameters:
    ///   - texts: Token ids, each text's up to the one that it is read at; together a pass.
    ///   - shouldStop: Asked between layers.
    /// - Returns: an embedding of each; nil where the weights make no numbers of it.
    /// - Throws: `CancellationError` where `shouldStop` says so.
    package func callAsFunction(
        _ texts: [[Int]], shouldStop: StopCheck = { false }
    ) throws -> [Embedding?] {
        let hidden = try tower(texts, shouldStop: shouldStop)
        let ends = [Range<Int>].consecutive(texts.map(\.count)).map { $0.upperBound - 1 }
        let projected = projection(hidden.gathering(ends))
        return (0..<projected.rows).map { row in
            Embedding(normalising: projected.rows(row..<row + 1).values)
        }
    }

    /// Hidden states of all tokens of a text: [tokens, width].
    func hidden(_ ids: [Int]) throws -> Matrix { try tower([ids], shouldStop: { false }) }

    /// A hidden state's embedding before it is normalised.
    func projected(_ hidden: Matrix) -> [Float] { projection(hidden).values }
}
