import Checkpoint
import Foundation
import LLaVAMini
import SystemPackage
import Tensor
import Testing

@testable import ModelConversion

@Suite struct ConversionSourceTests {
    private func reason(_ folder: FilePath, ignoresUnexpected: Bool = false) throws -> String {
        try #require(throws: ConversionError.self) {
            try ConversionSource(folder, ignoresUnexpected: ignoresUnexpected)
        }.description
    }

    @Test func listsEverythingThatIsWrongAtOnce() throws {
        let copy = try SourceCopy()
        try copy.rewrite(adding: [
            SourceCopy.float32("model.layers.1.mlp.up_proj.weight", [1], [1]),
            SourceCopy.float32("evil\u{1B}[2J", [1], [1]),
        ]) { name, weights in
            switch name {
            case "model.norm.weight", "model.compressor.query": nil
            case "lm_head.weight": SourceCopy.same(name, weights, shape: weights.shape.reversed())
            case "model.compressor.ln_q.bias":
                SafetensorsWriter.Tensor(
                    name: name, elementType: .uint8, shape: weights.shape,
                    bytes: Array(repeating: 1, count: weights.count))
            default: SourceCopy.same(name, weights)
            }
        }
        let text = try reason(copy.folder)
        for part in [
            "missing, 3:", "  model.norm.weight [", "  model.compressor.query [",
            "model.compressor.ln_q.bias [40], which is there as U8",
            "of another shape, 1:", "  lm_head.weight [2048, ", "unexpected, 2:",
            "  model.layers.1.mlp.up_proj.weight", "  evil\u{FFFD}[2J",
        ] {
            #expect(text.contains(part), "\(part) in \(text)")
        }
        #expect(!text.contains("--ignore-unexpected"))
    }

    @Test func passesOverWhatIsUnexpectedWhereItIsToldTo() throws {
        let copy = try SourceCopy()
        try copy.rewrite(adding: [SourceCopy.float32("model.image_newline", [1], [1])])
        #expect(try reason(copy.folder).contains("--ignore-unexpected"))
        let source = try ConversionSource(copy.folder, ignoresUnexpected: true)
        #expect(!source.entries.contains { $0.tensor.name == "model.image_newline" })
    }

    @Test func doesNotMindWhatSuchCheckpointsHoldBesides() throws {
        let copy = try SourceCopy()
        try copy.rewrite(adding: [
            SourceCopy.float32("model.layers.0.self_attn.rotary_emb.inv_freq", [1], [1])
        ])
        _ = try ConversionSource(copy.folder, ignoresUnexpected: false)
    }

    @Test func namesATowerThatIsNotThere() throws {
        let copy = try SourceCopy()
        try FileManager.default.removeItem(
            atPath: copy.path("vision_tower/model.safetensors").string)
        let error = try #require(throws: CheckpointError.self) {
            try ConversionSource(copy.folder, ignoresUnexpected: false)
        }
        #expect(error.path.lastComponent == "vision_tower")
    }
}
