package import ModelLoading
package import Tensor

/// From the whole picture's features to its embedding: `visual_projection`, then unit length.
package struct PictureProjection: Sendable {
    private let linear: Linear

    /// Numbers in an embedding.
    package var dimension: Int { linear.outputs }

    /// Loads the projection.
    ///
    /// - Throws: `ModelError` where it is not among the weights.
    package init(from weights: WeightInventory) throws(ModelError) {
        linear = try weights.linear(CLIPFolder.visualProjection)
    }

    /// Features [1, pooled width] to an embedding; nil where they are no numbers.
    package func callAsFunction(_ pooled: Matrix) -> Embedding? {
        Embedding(normalising: projected(pooled))
    }

    /// The embedding before it is normalised.
    func projected(_ pooled: Matrix) -> [Float] { linear(pooled).values }
}
