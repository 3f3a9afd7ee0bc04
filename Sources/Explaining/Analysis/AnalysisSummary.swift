public import LLaVAMini

/// Means over the pictures that were looked into.
public struct AnalysisSummary: Sendable {
    /// The attention from one kind of token to another in one layer.
    public struct Flow: Encodable, Sendable {
        /// How pictures reached the language model.
        public var mode: AttentionAnalysis.Mode
        /// Which layers.
        public var stage: AttentionAnalysis.Stage
        /// The layer's number within them, from 1 on.
        public var layer: Int
        /// Its place on the one axis of all layers, from 1 on.
        public var axis: Int
        /// Who looks.
        public var from: TokenKind
        /// Who is looked at.
        public var to: TokenKind
        /// The share of attention, 0 … 1.
        public var weight: Double
        /// How widely it is spread, in nats.
        public var entropy: Double
        /// How many pictures the means are over.
        public var pictures: Int
    }

    /// What is left of answers where pictures' tokens are dropped from a layer on.
    public struct Remainder: Encodable, Sendable {
        /// How pictures reached the language model.
        public var mode: AttentionAnalysis.Mode
        /// Which layers; nil where nothing is dropped.
        public var stage: AttentionAnalysis.Stage?
        /// The first layer without them, from 1 on; 0 where nothing is dropped.
        public var layer: Int
        /// Its place on the one axis of all layers, from 1 on; 0 where nothing is dropped.
        public var axis: Int
        /// The share of the answers' tokens that are still said first, 0 … 1.
        public var kept: Double
        /// The mean probability of the answers' tokens, 0 … 1.
        public var probability: Double
        /// How many pictures the means are over.
        public var pictures: Int
    }

    private struct Layer: Hashable {
        var mode: AttentionAnalysis.Mode
        var stage: AttentionAnalysis.Stage?
        var number: Int
    }

    private struct Pair: Hashable {
        var layer: Layer
        var from: TokenKind
        var to: TokenKind
    }

    /// Sums of two numbers.
    private struct Sum {
        var first = 0.0
        var second = 0.0
        var count = 0

        mutating func add(_ one: Double, _ other: Double) {
            first += one
            second += other
            count += 1
        }
    }

    /// How many layers stand before the language model's.
    public let preFusionLayers: Int
    /// How many layers the language model has.
    public let languageLayers: Int
    private var flowSums: [Pair: Sum] = [:]
    private var remainderSums: [Layer: Sum] = [:]

    /// Begins with no picture.
    public init(preFusionLayers: Int, languageLayers: Int) {
        (self.preFusionLayers, self.languageLayers) = (preFusionLayers, languageLayers)
    }

    /// Takes in what was seen of a picture.
    public mutating func add(_ picture: AnalysedPicture) {
        for analysis in picture.analyses {
            for layer in analysis.layers {
                let place = Layer(mode: analysis.mode, stage: layer.stage, number: layer.number)
                for flow in layer.flows {
                    flowSums[Pair(layer: place, from: flow.from, to: flow.to), default: Sum()]
                        .add(flow.weight, flow.entropy)
                }
            }
            for remainder in analysis.remainders {
                remainderSums[
                    Layer(mode: analysis.mode, stage: remainder.stage, number: remainder.layer),
                    default: Sum()
                ].add(remainder.hold.kept, remainder.hold.probability)
            }
        }
    }

    /// Who attended to whom: mode by mode, layer by layer.
    public var flows: [Flow] {
        modes.flatMap { mode in
            axis.flatMap { stage, number in
                TokenKind.allCases.flatMap { from in
                    TokenKind.allCases.compactMap { to in
                        let layer = Layer(mode: mode, stage: stage, number: number)
                        return flowSums[Pair(layer: layer, from: from, to: to)].map { sum in
                            Flow(
                                mode: mode, stage: stage, layer: number,
                                axis: place(stage, number), from: from, to: to,
                                weight: sum.first / Double(sum.count),
                                entropy: sum.second / Double(sum.count), pictures: sum.count)
                        }
                    }
                }
            }
        }
    }

    /// What is left of answers: mode by mode, first where nothing is dropped.
    public var remainders: [Remainder] {
        modes.flatMap { mode in
            ([(nil, 0)] + axis.map { ($0.stage, $0.number) }).compactMap { stage, number in
                remainderSums[Layer(mode: mode, stage: stage, number: number)].map { sum in
                    Remainder(
                        mode: mode, stage: stage, layer: number, axis: place(stage, number),
                        kept: sum.first / Double(sum.count),
                        probability: sum.second / Double(sum.count), pictures: sum.count)
                }
            }
        }
    }

    /// The modes that were looked at.
    public var modes: [AttentionAnalysis.Mode] {
        AttentionAnalysis.Mode.allCases.filter { mode in
            flowSums.keys.contains { $0.layer.mode == mode }
        }
    }

    /// All layers in their order.
    var axis: [(stage: AttentionAnalysis.Stage, number: Int)] {
        (0..<preFusionLayers).map { (.preFusion, $0 + 1) }
            + (0..<languageLayers).map { (.language, $0 + 1) }
    }

    private func place(_ stage: AttentionAnalysis.Stage?, _ number: Int) -> Int {
        stage == .language ? preFusionLayers + number : number
    }
}
