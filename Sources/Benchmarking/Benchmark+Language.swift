import LLaVAMini

extension Benchmark {
    /// What the machine can do.
    func measureCeilings() throws {
        var rates = meter.sample(Ceiling.allCases)
        for _ in 0..<2 * settings.runs { rates.raise(to: meter.sample(Ceiling.allCases)) }
        for ceiling in Ceiling.allCases {
            guard let rate = rates[ceiling] else { continue }
            var figure = Figure(
                .ceilings, ceiling.rawValue, value: rate / 1e9, unit: ceiling.unit)
            figure.note = ceiling.instructions
            try publish(figure)
        }
    }

    /// The language model alone, reading.
    func measurePrefill() throws {
        for tokens in [64, 640] {
            let name = "prefill of \(tokens) tokens"
            let measured = try measure(name) { _ = try stages.prefill(tokens: tokens) }
            let work = Work(
                arithmetic: arithmetic,
                phases: [.init(operations: Double(measured.operations), bytes: stepBytes)])
            try publish(
                Figure(
                    .prefill, name, items: Double(tokens), unit: "tokens/s", measured, work: work)
            )
        }
    }

    /// The language model alone, writing one answer or several.
    func measureDecoding() throws {
        try publishDecoding("decoding 1 sequence", count: 1)
        try publishDecoding("decoding 8 sequences", count: 8)
        // What guessing costs where every guess is wrong.
        let guesses = settings.guesses
        try publishDecoding("decoding 1 sequence, \(guesses) wrong guesses", guesses: guesses)
    }

    private func publishDecoding(_ name: String, count: Int = 1, guesses: Int = 0) throws {
        var sequences = try stages.prefill(tokens: 64, count: count)
        let steps = settings.decodedTokens
        // The first step takes memory that the others use again.
        try stages.step(&sequences, guesses: guesses)
        let measured = try measure(name) {
            for _ in 0..<steps { try stages.step(&sequences, guesses: guesses) }
        }
        let step = measured.part(of: steps)
        let work = Work(
            arithmetic: arithmetic,
            phases: [.init(operations: Double(step.operations), bytes: stepBytes)])
        try publish(
            Figure(.decoding, name, items: Double(count), unit: "tokens/s", step, work: work))
    }
}
