import CLIP
import LLaVAMini

extension Benchmark {
    /// From pictures and texts to embeddings: what search by meaning waits for, and what it adds to
    /// a description.
    func measureEmbedding() throws {
        let text = try textStages(isPacked: true)
        if let text { try measureTexts(text) }
        guard stages.makesEmbeddings else {
            var none = Figure(.embedding, "a picture's embedding", value: 0, unit: "dimensions")
            none.note = "the model makes none"
            return try publish(none)
        }
        let prepared = try stages.prepare([picture()])
        _ = try stages.see(prepared, embedding: true)
        let without = try measure("vision tower") { _ = try stages.see(prepared) }
        let with = try measure("vision tower with embedding") {
            _ = try stages.see(prepared, embedding: true)
        }
        let described = try measure("a picture's description") {
            try stages.describe(
                [picture()], lengths: settings.prompt, answers: settings.answers)
        }
        let added = max(with.seconds - without.seconds, 0)
        var figure = Figure(
            .embedding, "a picture's embedding beside its description",
            value: 100 * added / described.seconds, unit: "% of the time")
        figure.note =
            "by operations "
            + Self.percent(with.operations &- without.operations, of: described.operations)
        try publish(figure)
    }

    private func measureTexts(_ text: TextStages) throws {
        for tokens in [12, 77] {
            let name = "a text of \(tokens) tokens"
            _ = try text.embed(tokens: tokens)
            let measured = try measure(name) { _ = try text.embed(tokens: tokens) }
            let work = Work(
                arithmetic: .int8, phases: [.init(operations: Double(measured.operations))])
            try publish(Figure(.embedding, name, unit: "s", measured, work: work))
        }
        guard let exact = try textStages(isPacked: false) else { return }
        let cosine = try text.embed(tokens: 12).cosine(to: try exact.embed(tokens: 12))
        try publish(
            Figure(
                .embedding, "a text in 8 bits beside single precision", value: Double(cosine),
                unit: "cosine"))
    }

    /// The model's own text tower, as it is stored, or one of the shape's.
    private func textStages(isPacked: Bool) throws -> TextStages? {
        switch settings.model {
        case .folder(let folder): isPacked ? try TextStages(folder: folder) : nil
        case .synthetic(let shape, _): try TextStages(synthetic: shape, isPacked: isPacked)
        }
    }

    private static func percent(_ part: UInt64, of whole: UInt64) -> String {
        let tenths = whole > 0 ? Int(1000 * Double(part) / Double(whole)) : 0
        return "\(tenths / 10).\(tenths % 10) %"
    }
}
