public import CLIP
public import Concepts
import Foundation
import Tensor

/// A picture or video frame after everything that does not depend on the question.
///
/// Any number of prompts can be fused with it; each then costs its text alone.
public struct EncodedImage: Sendable {
    /// The compressed tokens after pre-fusion, C² × width: what the language model sees.
    public var token: [Float] { tokens.values }
    /// The attention that each compressed token paid to each patch: C² × patches.
    ///
    /// Averaged over the heads; a token's weights add up to 1, or to less where the model gives
    /// the rest to a class token. The patches lie row by row over a square grid; of a
    /// high-resolution picture, over the whole picture's.
    public var attention: [Float] {
        let share = 1 / Float(max(headAttention.count, 1))
        return headAttention.reduce(
            into: [Float](repeating: 0, count: headAttention.first?.count ?? 0)
        ) {
            sum, head in
            for index in head.indices { sum[index] += head[index] * share }
        }
    }
    /// The same of each of the compressor's heads: C² × patches.
    public let headAttention: [[Float]]

    /// [C², width].
    let tokens: Matrix
    /// Keys and values of all rows in each pre-fusion layer.
    let cache: KVCache
    /// Rows that the image had in pre-fusion, which are the positions before the text's.
    let rows: Int
    /// What is searched by: of the whole picture, beside the embeddings of texts.
    ///
    /// nil where it was not wanted, or the model has no projection or makes no numbers of the picture.
    public var embedding: Embedding?
    /// How likely the whole picture shows each concept; nil where the model has no concept head.
    public var concepts: ConceptProbabilities?
    /// Tells images apart.
    let identity = UUID()
}
