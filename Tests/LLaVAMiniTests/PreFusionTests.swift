import Checkpoint
import ModelLoading
import Tensor
import TestSupport
import Testing

@testable import LLaVAMini

/// Running the image once, and its last layer in part, against running everything every time.
@Suite struct PreFusionTests {
    /// However many of the text's rows count as shared with other texts.
    @Test(arguments: [0, 1, 2], [0, 1, 4, 5, 8])
    func sharingIsNotSharing(layers: Int, shared: Int) throws {
        let copy = try CheckpointCopy()
        try copy.set(["prefusion_layer_num": layers])
        let network = try Network(folder: copy.folder)
        let c = network.configuration
        var generator = SeededGenerator(seed: 21)
        let image = Matrix.random(20, c.language.width, using: &generator)
        let text = Matrix.random(9, c.language.width, using: &generator)
        let hidden = (0..<9).map { [0, 4, 8].contains($0) }

        let (tokens, cache) = try network.preFusion.images([image], compressed: 2) { false }[0]
        let group = TextGroup(
            image: cache, imageRows: image.rows,
            passages: [0..<shared, shared..<9].map { rows in
                .init(embeddings: text.rows(rows), marks: Array(hidden[rows]))
            })
        let fused = try network.preFusion.texts([group]) { false }
        let whole = try wholly(
            Matrix(stacking: [image, text]), hidden: Array(repeating: false, count: 20) + hidden, c)
        #expect(tokens.isClose(to: whole.rows(18..<20)))
        for row in 0..<9 where !hidden[row] {
            #expect(fused.rows(row..<row + 1).isClose(to: whole.rows(20 + row..<21 + row)))
        }
    }

    /// All rows through all layers, as the reference runs them.
    private func wholly(
        _ rows: Matrix, hidden: [Bool], _ c: ModelConfiguration
    ) throws -> Matrix {
        let weights = try WeightInventory([
            (try CheckpointFolder(CheckpointCopy.original), PreFusion.tensors(c))
        ])
        let visible = hidden.indices.map { place in
            hidden[..<place].count { !$0 }
        }
        let rotation = RotaryEmbedding(c.language).rotation(visible)
        var states = rows
        for index in 0..<c.preFusionLayers {
            let layer = try DecoderLayer(
                at: "model.prefusion_layers.\(index)", c.language, from: weights)
            states = layer(states, rotation: rotation) { queries, new in
                MultiHeadAttention(c.language, of: [layer])(
                    queries, over: [new], mask: .causal(hidden: hidden))
            }
        }
        return states
    }
}

extension Matrix {
    /// Numbers from −1 to 1, the same on every run.
    static func random(
        _ rows: Int, _ columns: Int, using generator: inout SeededGenerator
    ) -> Matrix {
        Matrix(
            rows: rows, columns: columns,
            values: (0..<rows * columns).map { _ in Float.random(in: -1...1, using: &generator) })
    }
}
