import Checkpoint
import Imaging
import SystemPackage
import Tensor
import Testing

@testable import LLaVAMini
@testable import ModelConversion

@Suite struct ModelConversionTests {
    private static let checkpoints = [
        "tiny-llava-mini", "one-layer-theta-10000-f16", "compressor-2-pad-inside-f16",
        "compressor-3-last-layer-f32", "hd-pad-compressor-3-bf16", "prefusion-3-shards-video-bf16",
        "efficientnet-lite-pad-f32",
    ]

    @Test(arguments: checkpoints, WeightBits.allCases)
    func everyTensorIsItselfOrPackedWithinTheBound(_ name: String, _ bits: WeightBits) throws {
        let copy = try SourceCopy(name)
        let summary = try ModelConversion(from: copy.folder, to: copy.target, bits: bits).run { _ in
        }
        let source = try ConversionSource(copy.folder, ignoresUnexpected: false)
        let result = try SafetensorsFile(copy.target.appending("model.safetensors"))
        #expect(result.weights.count == source.entries.count)
        var packed = 0
        for entry in source.entries {
            guard let format = bits.format(of: entry.tensor) else {
                let kept = try #require(result.weights[entry.tensor.name])
                #expect(kept.shape == entry.weights.shape)
                #expect(kept.elementType == entry.weights.elementType)
                #expect(kept.floats == entry.weights.floats)
                continue
            }
            packed += 1
            let key = "\(entry.tensor.name).\(format.rawValue)"
            let panels = try #require(result.weights[key])
            #expect(panels.range.lowerBound.isMultiple(of: 64))
            let shape = entry.tensor.shape
            let numbers = withExtendedLifetime(result) {
                WeightPacking.unpack(
                    panels: panels.bytes, rowCount: shape[0], inputs: shape[1], format: format)
            }
            let deviation = Deviation(
                of: numbers, from: entry.weights.floats, inputs: shape[1])
            #expect(deviation.largestOfBlocks <= format.errorBound)
        }
        #expect(packed > 10 && summary.packedTensors == packed)
        #expect(summary.bytesBefore == source.byteCount)
    }

    /// Weights without any order lose the most, and these have none.
    @Test(arguments: checkpoints) func theResultComputesNearlyTheSame(_ name: String) throws {
        let copy = try SourceCopy(name)
        let original = try LLaVAMini.load(from: copy.folder)
        for (bits, likeness) in [(WeightBits.eight, Float(0.999)), (.four, 0.98)] {
            let target = copy.room.appending("\(bits)")
            _ = try ModelConversion(from: copy.folder, to: target, bits: bits).run { _ in }
            let converted = try LLaVAMini.load(from: target)
            for question in ["Describe this photo in one sentence.", "Tags?", "Is it day?"] {
                let logits = try [original, converted].map { try Self.firstLogits($0, question) }
                let cosine = Self.cosine(logits[0], logits[1])
                #expect(cosine >= likeness, "\(bits) bits, \(question)")
            }
        }
    }

    private static func firstLogits(_ model: LLaVAMini, _ question: String) throws -> [Float] {
        let picture = RGBImage(
            width: 150, height: 120, pixels: (0..<150 * 120 * 3).map { UInt8($0 * 7 % 251) })
        var prompt = try model.prompt(question)
        try prompt.add(try model.encode(picture, highResolution: false))
        let answers = try model.generate(
            [prompt], options: GenerationOptions(maximumTokens: 1), shouldStop: { false })
        return try #require(answers.first?.firstLogits)
    }

    private static func cosine(_ a: [Float], _ b: [Float]) -> Float {
        let dot = { (x: [Float], y: [Float]) in zip(x, y).reduce(Float(0)) { $0 + $1.0 * $1.1 } }
        return dot(a, b) / (dot(a, a) * dot(b, b)).squareRoot()
    }

    @Test func tellsHowFarItHasCome() throws {
        let copy = try SourceCopy()
        var steps: [ModelConversion.Step] = []
        let summary = try ModelConversion(from: copy.folder, to: copy.target, bits: .four)
            .run { steps.append($0) }
        let (before, after) = (summary.bytesBefore, summary.bytesAfter)
        let converted = steps.compactMap { step -> Int? in
            guard case .converting(let done, before) = step else { return nil }
            return done
        }
        #expect(converted == converted.sorted())
        #expect(converted.last == before)
        guard case .verifying(let done, after) = steps.last else {
            Issue.record("the last step is \(String(describing: steps.last))")
            return
        }
        #expect(done <= after && done > after / 2)
    }

    @Test func leavesNothingWhereItFails() throws {
        let copy = try SourceCopy()
        try copy.rewrite { name, weights in
            guard name == "model.layers.0.mlp.up_proj.weight" else {
                return SourceCopy.same(name, weights)
            }
            var numbers = weights.floats
            numbers[5] = .nan
            return SourceCopy.float32(name, weights.shape, numbers)
        }
        let error = try #require(throws: ConversionError.self) {
            try ModelConversion(from: copy.folder, to: copy.target, bits: .eight).run { _ in }
        }
        #expect(error.reason.contains("'model.layers.0.mlp.up_proj.weight.q8' that are no numbers"))
        #expect(try copy.names(copy.room) == ["tiny"])
    }

    @Test func doesNotConvertTwice() throws {
        let copy = try SourceCopy()
        _ = try ModelConversion(from: copy.folder, to: copy.target, bits: .eight).run { _ in }
        let error = try #require(throws: ConversionError.self) {
            try ModelConversion(
                from: copy.target, to: copy.room.appending("again"), bits: .four
            ).run { _ in }
        }
        #expect(error.reason.contains("converted already"))
    }

    @Test func replacesNothingThatExists() throws {
        let copy = try SourceCopy()
        try copy.write("x", to: copy.target)
        let error = try #require(throws: ConversionError.self) {
            try ModelConversion(from: copy.folder, to: copy.target, bits: .four).run { _ in }
        }
        #expect(error.reason == "exists already")
        #expect(try copy.text(copy.target) == "x")
    }
}
