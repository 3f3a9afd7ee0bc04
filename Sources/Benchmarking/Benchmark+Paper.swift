import LLaVAMini

extension Benchmark {
    /// The paper's table: the same weights as LLaVA-Mini and as LLaVA, to the first token.
    func comparePaper() throws {
        let picture = picture()
        let lengths = settings.paperPrompt
        var kept = (mini: 0, llava: 0)
        let mini = try measure("LLaVA-Mini, to the first token") {
            kept.mini = try stages.firstToken(of: picture, lengths: lengths).keptNumbers
        }
        let llava = try measure("LLaVA, to the first token") {
            kept.llava = try stages.firstTokenAsLLaVA(of: picture, lengths: lengths).keptNumbers
        }
        try publishPair(
            "operations", unit: "TFLOP", mini: Double(mini.operations) / 1e12,
            llava: Double(llava.operations) / 1e12)
        try publishPair("time to first token", unit: "s", mini: mini.seconds, llava: llava.seconds)
        try publishPair(
            "memory an image", unit: "MB", mini: Double(kept.mini) * 2 / 1e6,
            llava: Double(kept.llava) * 2 / 1e6,
            note: "keys and values at 16 bits, as the paper counts")
        try compareSecondPrompt(mini)
    }

    private func publishPair(
        _ name: String, unit: String, mini: Double, llava: Double, note: String? = nil
    ) throws {
        try publish(Figure(.paper, "LLaVA, \(name)", value: llava, unit: unit))
        var figure = Figure(.paper, "LLaVA-Mini, \(name)", value: mini, unit: unit)
        figure.ratio = mini > 0 ? llava / mini : nil
        figure.note = note
        try publish(figure)
    }

    /// What a further prompt about the same picture costs, where what it shares is not done again.
    private func compareSecondPrompt(_ first: Measurement) throws {
        let picture = picture()
        let both = try measure("two prompts about a picture") {
            try stages.describe([picture], lengths: settings.paperPrompt, answers: [1, 1])
        }
        let second = Double(both.operations) - Double(first.operations)
        var figure = Figure(
            .paper, "LLaVA-Mini, operations of a second prompt", value: second / 1e12,
            unit: "TFLOP")
        figure.ratio = second > 0 ? Double(first.operations) / second : nil
        figure.note = "× is the first prompt, picture and all, over it"
        try publish(figure)
    }
}
