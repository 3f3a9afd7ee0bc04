public import LLaVAMini

extension AnalysisSummary {
    /// The attention of one mode by layer; the paper's Figure 2.
    public func attentionPlot(_ mode: AttentionAnalysis.Mode) -> LinePlot {
        plot(
            mode, title: "Attention by layer, \(Self.name(mode))",
            unit: "share of a token's attention", \.weight)
    }

    /// The entropy of one mode by layer; the paper's Figure 3.
    public func entropyPlot(_ mode: AttentionAnalysis.Mode) -> LinePlot {
        plot(
            mode, title: "Entropy of attention by layer, \(Self.name(mode))",
            unit: "nats, within the kind that is looked at", \.entropy)
    }

    /// What is left of answers where tokens are dropped from a layer on; after the paper's Figure 5.
    public var remainderPlot: LinePlot {
        let all = remainders
        let curves = modes.flatMap { mode in
            [("kept", \Remainder.kept, [Double]()), ("probability", \.probability, [6, 4])].map {
                name, value, dash in
                LinePlot.Curve(
                    name: "\(mode.rawValue): \(name)", colour: mode == .mini ? 0 : 1, dash: dash,
                    points: all.filter { $0.mode == mode }.map {
                        ($0.axis > 0 ? $0.axis - 1 : axis.count, $0[keyPath: value])
                    }.sorted { $0.0 < $1.0 })
            }
        }
        return LinePlot(
            title: "What is left of an answer without the picture from a layer on",
            unit: "share of its tokens", places: places + ["never"],
            dividers: dividers + [axis.count], curves: curves)
    }

    private func plot(
        _ mode: AttentionAnalysis.Mode, title: String, unit: String,
        _ value: KeyPath<Flow, Double>
    ) -> LinePlot {
        let own = flows.filter { $0.mode == mode }
        let curves = TokenKind.allCases.enumerated().flatMap { target, from in
            TokenKind.allCases.enumerated().compactMap { colour, to -> LinePlot.Curve? in
                let points = own.filter { $0.from == from && $0.to == to }
                guard !points.isEmpty else { return nil }
                return LinePlot.Curve(
                    name: "\(from.rawValue) → \(to.rawValue)", colour: colour,
                    dash: Self.dashes[target],
                    points: points.map { ($0.axis - 1, $0[keyPath: value]) })
            }
        }
        return LinePlot(
            title: title, unit: unit, places: places, dividers: dividers, curves: curves)
    }

    /// Who looks is told by the dashes, who is looked at by the colour; in the order of the kinds.
    private static let dashes: [[Double]] = [[], [2, 4], [10, 4], [6, 3, 2, 3]]

    /// `P1` … of pre-fusion, `L1` … of the language model.
    private var places: [String] {
        axis.map { ($0.stage == .preFusion ? "P" : "L") + "\($0.number)" }
    }

    private var dividers: [Int] { preFusionLayers > 0 ? [preFusionLayers] : [] }

    /// A mode in words.
    static func name(_ mode: AttentionAnalysis.Mode) -> String {
        switch mode {
        case .mini: "one token a picture"
        case .llava: "every patch in the language model"
        }
    }
}
