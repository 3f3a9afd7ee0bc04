import Checkpoint
import SystemPackage
import Tensor
import Testing

@testable import LLaVAMini

@Suite struct RequiredTensorsTests {
    private func configuration(
        _ changes: [String: (any Sendable)?] = [:]
    ) throws -> ModelConfiguration {
        let copy = try CheckpointCopy()
        try copy.set(changes)
        return try ModelConfiguration(folder: copy.folder)
    }

    @Test func areTheTensorsThatTheCheckpointHas() throws {
        let required = try configuration().requiredTensors
        let checkpoint = try CheckpointFolder(CheckpointCopy.original)
        let tower = try CheckpointFolder(CheckpointCopy.original.appending("vision_tower"))
        for tensor in required {
            let (folder, name) =
                tensor.nameInTowerFolder.map { (tower, $0) } ?? (checkpoint, tensor.name)
            #expect(folder[name]?.shape == tensor.shape, "\(name)")
        }
        let names = Set(required.flatMap { [$0.name] + ($0.nameInTowerFolder.map { [$0] } ?? []) })
        let others = checkpoint.names.union(tower.names).subtracting(names)
        let c = try configuration()
        #expect(others.allSatisfy(c.isSuperfluous), "\(others)")
        #expect(
            Set(required.map(\.component))
                == Set(RequiredTensor.Component.allCases).subtracting([.embedding, .concepts]))
    }

    @Test func linearWeightsAreMatricesThatRowsAreMultipliedWith() throws {
        let required = try configuration().requiredTensors
        let linear = Set(required.filter(\.isLinearWeight).map(\.name))
        // 7 matrices in each of 3 + 2 decoder layers, 6 in each of 3 of the tower, 2, and the head.
        #expect(linear.count == 7 * 5 + 6 * 3 + 2 + 1)
        #expect(linear.contains("lm_head.weight") && !linear.contains("model.embed_tokens.weight"))
    }

    @Test(arguments: [
        ("vision_model.embeddings.position_ids", true), ("vision_model.post_layernorm.bias", true),
        ("vision_model.encoder.layers.3.mlp.fc1.weight", true),
        ("vision_model.encoder.layers.2.mlp.fc1.weight", false),
        ("model.vision_tower.vision_tower.vision_model.encoder.layers.3.layer_norm1.bias", true),
        ("model.vision_tower.vision_tower.vision_model.head.weight", false),
        ("text_model.final_layer_norm.weight", true), ("logit_scale", true),
        ("model.layers.0.self_attn.rotary_emb.inv_freq", true),
        ("model.layers.3.mlp.up_proj.weight", false), ("lm_head.weight", false),
        ("vision_model.encoder.layers.99999999999999999999.x", false), ("", false),
    ]) func knowsWhatIsNeverNeeded(_ name: String, _ isSuperfluous: Bool) throws {
        #expect(try configuration().isSuperfluous(name) == isSuperfluous)
    }

    @Test func aTiedHeadIsNotNeeded() throws {
        let c = try configuration(["tie_word_embeddings": true])
        #expect(c.isSuperfluous("lm_head.weight"))
        #expect(!c.requiredTensors.contains { $0.name == "lm_head.weight" })
    }
}
