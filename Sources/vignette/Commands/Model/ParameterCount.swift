import CLIP
import LLaVAMini

/// How many learned numbers a model has.
///
/// Counted from its configuration alone, so that packed weights count as what they stand for. Keys
/// and shapes: MODEL.md, "Tensor names".
struct ParameterCount: Encodable, Equatable {
    let language: Int
    let preFusion: Int
    let projector: Int
    let compressor: Int
    /// From the whole picture's features to probabilities of concepts; 0 where the model tells none.
    let concepts: Int
    /// Of the layers that are used; the last one of CLIP is not.
    let visionTower: Int

    /// All of them.
    var total: Int {
        language + preFusion + projector + compressor + concepts + visionTower
    }

    /// Counts.
    init(_ c: ModelConfiguration) {
        let layer = Self.decoderLayer(c.language)
        let (width, features) = (c.language.width, c.vision.width)
        let table = c.language.vocabularySize * width
        language = table * (c.language.tiesEmbeddings ? 1 : 2) + width + c.language.layers * layer
        preFusion = c.preFusionLayers * layer
        let further: Int =
            switch c.projector {
            case .linear: 0
            case .perceptron(let layers): layers - 1
            }
        projector = features * width + width + further * (width * width + width)
        let queries = c.compressorSize * c.compressorSize
        // Queries and their positions, three input projections, the output, two normalisations.
        compressor = 2 * queries * features + 4 * (features * features + features) + 4 * features
        concepts = Self.numbers(c, .concepts)
        visionTower = Self.numbers(c, .visionTower)
    }

    private static func numbers(
        _ c: ModelConfiguration, _ component: RequiredTensor.Component
    ) -> Int {
        c.requiredTensors.filter { $0.component == component }
            .reduce(0) { $0 + $1.shape.reduce(1, *) }
    }

    private static func decoderLayer(_ c: LanguageConfiguration) -> Int {
        let (queries, keys) = (c.heads * c.headWidth, c.keyValueHeads * c.headWidth)
        let attention = 2 * c.width * queries + 2 * c.width * keys
        let attentionBias = c.attentionBias ? queries + 2 * keys + c.width : 0
        let mlpBias = c.mlpBias ? 2 * c.intermediateWidth + c.width : 0
        return attention + attentionBias + 3 * c.width * c.intermediateWidth + mlpBias + 2 * c.width
    }
}
