import CLIP
import Imaging
import ModelLoading
import SystemPackage
import Tensor
import Testing
import Tokenization

@testable import LLaVAMini

/// Every value of every oracle folder, against what the authors' implementation computed.
@Suite struct OracleTests {
    /// Largest difference, as a share of the tensor's largest magnitude.
    private static let tolerance: Float = 1e-3

    @Test(arguments: OracleFolder.cases)
    func pixelsAreWithinOneGreyLevel(_ oracle: OracleCase) throws {
        let expected = try oracle.value("pixel_values")
        let actual = try oracle.stages().pixelValues.flatMap { $0 }
        try #require(actual.count == expected.count)
        let normalization = try oracle.folder.model().configuration.processor.normalization
        let edge = try oracle.folder.model().configuration.vision.imageSize
        for channel in 0..<3 {
            let level = normalization.scale / normalization.deviation[channel]
            let worst = actual.indices.lazy.filter { $0 / (edge * edge) % 3 == channel }
                .map { abs(actual[$0] - expected[$0]) }.max()
            #expect(try #require(worst) <= level * 1.001, "channel \(channel)")
        }
    }

    @Test(arguments: OracleFolder.cases)
    func featuresAndCompressionMatch(_ oracle: OracleCase) throws {
        let stages = try oracle.stages()
        try expect(stages.features, matches: "clip_last", of: oracle)
        try expect(stages.compressed, matches: "compressed_last", of: oracle)
        try expect(stages.attention, matches: "compressor_attention_last", of: oracle)
    }

    @Test(arguments: OracleFolder.cases)
    func theFusedPromptMatches(_ oracle: OracleCase) throws {
        let embeddings = try oracle.prompt().inputsEmbeds()
        try expect(embeddings.values, matches: "inputs_embeds", of: oracle)
    }

    @Test(arguments: OracleFolder.cases)
    func theAnswerMatches(_ oracle: OracleCase) throws {
        let model = try oracle.folder.model()
        let options = GenerationOptions(
            maximumTokens: oracle.golden.greedy_ids.count, ignoresEndTokens: true)
        let answer = try #require(
            try model.generate([oracle.prompt()], options: options) { false }.first)
        try expect(answer.firstLogits, matches: "logits_last", of: oracle)
        try #require(answer.ids.count == oracle.golden.greedy_ids.count)
        for (step, expected) in oracle.golden.greedy_ids.enumerated() {
            guard answer.ids[step] != expected else { continue }
            // Where two tokens are this close, rounding decides, and what follows may differ.
            #expect(oracle.golden.greedy_gaps[step] <= Self.tolerance, "token \(step)")
            return
        }
        if let text = oracle.golden.greedy_text {
            #expect(model.tokenizer.decode(answer.ids, skippingSpecialTokens: true) == text)
        }
    }

    @Test(arguments: OracleFolder.cases)
    func theChatLayoutGivesTheSameTokens(_ oracle: OracleCase) throws {
        let prompt = try oracle.folder.model().prompt(oracle.golden.query)
        #expect(prompt.ids == oracle.golden.input_ids)
    }

    @Test(arguments: OracleFolder.all)
    func theTokenizerMatches(_ folder: OracleFolder) throws {
        let tokenizer = try folder.model().tokenizer
        let settings = try? ConfigurationFile(folder.path.appending("tokenizer_config.json"))
        let cleansUp = try settings?.flag("clean_up_tokenization_spaces", default: true) ?? true
        for expected in folder.golden.tokenizer ?? [] {
            #expect(
                try tokenizer.encode(expected.text, addingBeginOfText: true) == expected.ids)
            #expect(
                tokenizer.decode(expected.ids, skippingSpecialTokens: true)
                    == (cleansUp ? expected.decoded_cleaned : expected.decoded))
        }
    }

    private func expect(
        _ actual: [Float], matches name: String, of oracle: OracleCase
    ) throws {
        let expected = try oracle.value(name)
        try #require(actual.count == expected.count, "\(name)")
        let largest = try #require(expected.lazy.map(abs).max())
        let worst = try #require(zip(actual, expected).lazy.map { abs($0 - $1) }.max())
        #expect(worst <= Self.tolerance * largest, "\(name): \(worst) of \(largest)")
    }
}

extension OracleCase {
    fileprivate func value(_ name: String) throws -> [Float] {
        try #require(folder.value("\(golden.name).\(name)"), "golden.safetensors lacks \(name)")
    }
}
