import LLaVAMini
import Tensor
import Testing

@testable import ModelConversion

@Suite struct WeightBitsTests {
    @Test func packsLinearLayersAndNothingElse() throws {
        let copy = try SourceCopy("tiny-llava-mini")
        let tensors = try ModelConfiguration(folder: copy.folder).requiredTensors
        let formats = tensors.reduce(into: [String: PackedFormat]()) {
            $0[$1.name] = WeightBits.four.format(of: $1)
        }
        #expect(formats["lm_head.weight"] == .q4)
        #expect(formats["model.layers.0.self_attn.o_proj.weight"] == .q4)
        #expect(formats["model.layers.0.self_attn.v_proj.weight"] == .q8)
        #expect(formats["model.prefusion_layers.1.mlp.down_proj.weight"] == .q8)
        #expect(formats["model.mm_projector.2.weight"] == .q8)
        let tower = "model.vision_tower.vision_tower.vision_model"
        #expect(formats["\(tower).encoder.layers.0.mlp.fc1.weight"] == .q8)
        for name in [
            "model.embed_tokens.weight", "model.norm.weight", "model.mm_projector.0.bias",
            "model.compressor.attn.out_proj.weight", "model.compressor.query",
            "\(tower).embeddings.position_embedding.weight",
            "\(tower).embeddings.patch_embedding.weight",
        ] {
            #expect(tensors.contains { $0.name == name })
            #expect(formats[name] == nil, "\(name)")
        }
    }

    @Test func eightBitsAreSixteenBeforeTheLanguageModel() throws {
        let copy = try SourceCopy("tiny-llava-mini")
        let tensors = try ModelConfiguration(folder: copy.folder).requiredTensors
        for tensor in tensors {
            let expected: PackedFormat = tensor.component == .languageModel ? .q8 : .q16
            #expect(
                WeightBits.eight.format(of: tensor) == (tensor.isLinearWeight ? expected : nil),
                "\(tensor.name)")
        }
    }
}
