import LLaVAMini

extension Benchmark {
    /// From pixels to what the language model reads.
    func measureImage() throws {
        let prepared = try stages.prepare([picture()])
        let seen = try stages.see(prepared)
        try publishImage("vision tower, 1 picture") { _ = try stages.see(prepared) }
        try publishImage("compressor, projector and pre-fusion, 1 picture") {
            _ = try stages.fuse(seen)
        }
        let backlog = try stages.prepare((0..<settings.backlog).map(picture))
        try publishImage("vision tower, \(settings.backlog) pictures", count: settings.backlog) {
            _ = try stages.see(backlog)
        }
    }

    private func publishImage(
        _ name: String, count: Int = 1, _ body: () throws -> Void
    ) throws {
        let measured = try measure(name, body)
        let work = Work(
            arithmetic: arithmetic, phases: [.init(operations: Double(measured.operations))])
        try publish(
            Figure(
                .image, name, items: Double(count), unit: count == 1 ? "s" : "pictures/s",
                measured, work: work))
    }

    /// From decoded pixels to caption and tags: one picture alone, and a backlog.
    func measurePictures() throws {
        let lengths = settings.answers.map(String.init).joined(separator: " + ")
        // The first picture takes memory that the others use again; two tokens of each answer
        // are enough for that.
        try stages.describe(
            [picture()], lengths: settings.prompt, answers: settings.answers.map { min($0, 2) })
        try publishPictures("a picture, \(lengths) tokens written", count: 1, unit: "s")
        try publishPictures(
            "a backlog, \(settings.backlog) at once", count: settings.backlog,
            unit: "pictures/h")
    }

    private func publishPictures(_ name: String, count: Int, unit: String) throws {
        let pictures = (0..<count).map(picture)
        let measured = try measure(name) {
            try stages.describe(pictures, lengths: settings.prompt, answers: settings.answers)
        }
        try publish(
            Figure(
                .pictures, name, items: 3600 * Double(count), unit: unit, measured,
                work: describingWork(measured, pictures: count)))
    }

    /// What describing takes: reading is arithmetic, and writing reads the weights once a token.
    ///
    /// The longest answer counts but for its first token, which reading yields. While a lone
    /// picture's longest answer is written, the other questions can be read beside it.
    private func describingWork(_ measured: Measurement, pictures: Int) -> Work {
        let perToken = 2 * Double(stages.layerMultiplyAdds + stages.headMultiplyAdds)
        let longest = settings.answers.max() ?? 0
        let beside = pictures == 1 ? settings.prompt.question * (settings.answers.count - 1) : 0
        let steps = (1..<max(longest, 1)).map { step in
            let writing = settings.answers.count { $0 > step } * pictures
            let reading = Double(beside) / Double(longest - 1)
            return Work.Phase(
                operations: (Double(writing) + reading) * perToken, bytes: stepBytes)
        }
        let written = steps.reduce(0) { $0 + $1.operations }
        let reading = Work.Phase(
            operations: max(Double(measured.operations) - written, 0), bytes: stepBytes)
        return Work(arithmetic: arithmetic, phases: [reading] + steps)
    }
}
