import CLIP
import Checkpoint
import Imaging
import ModelLoading
import SystemPackage
import Tensor
import TestSupport
import Testing

@testable import LLaVAMini

/// Loading: which tensors are asked for, and what is said when they are not there.
@Suite struct NetworkTests {
    @Test func everyMissingOrMisshapenTensorIsListed() throws {
        let copy = try CheckpointCopy()
        try copy.rewriteWeights { name, tensor in
            switch name {
            case "model.norm.weight", "model.layers.1.mlp.up_proj.weight": nil
            case "model.compressor.query":
                .init(
                    name: name, elementType: .float32, shape: [2, 3],
                    bytes: [UInt8](repeating: 0, count: 24))
            default: tensor
            }
        }
        let error = #expect(throws: ModelError.self) { try Network(folder: copy.folder) }
        let message = try #require(error).description
        #expect(!message.contains("\n"))
        for expected in [
            "lacks the tensor 'model.norm.weight' of shape [128]",
            "lacks the tensor 'model.layers.1.mlp.up_proj.weight' of shape [352, 128]",
            "'model.compressor.query' in the shape [2, 3] instead of [1, 64]",
        ] { #expect(message.contains(expected)) }
    }

    @Test func aConfigurationOfAnotherModelIsRefused() throws {
        let copy = try CheckpointCopy()
        try copy.set(["hidden_size": 256, "num_hidden_layers": 4])
        let error = #expect(throws: ModelError.self) { try Network(folder: copy.folder) }
        #expect(try #require(error).description.contains("instead of [2048, 256]"))
        #expect(try #require(error).description.contains("'model.layers.3.mlp.up_proj.weight'"))
    }

    @Test func unusedLayersAndTensorsAreNotAskedFor() throws {
        let copy = try CheckpointCopy()
        let tower = try CheckpointFolder(CheckpointCopy.original.appending("vision_tower"))
        let used = tower.names.filter {
            !$0.contains(".layers.3.") && !$0.contains("post_layernorm")
        }
        try copy.remove("vision_tower/model.safetensors")
        try SafetensorsWriter.write(
            used.sorted().compactMap { name in tower[name].map { .init($0, named: name) } },
            to: copy.path("vision_tower/model.safetensors"))
        _ = try Network(folder: copy.folder)
    }

    @Test func aTowerInsideTheCheckpointWins() throws {
        let copy = try CheckpointCopy()
        let tower = try CheckpointFolder(CheckpointCopy.original.appending("vision_tower"))
        try copy.rewriteWeights(
            adding: tower.names.sorted().compactMap { name in
                tower[name].map { .init($0, named: "model.vision_tower.vision_tower.\(name)") }
            })
        // Were the folder's copy looked at, loading would fail.
        try copy.remove("vision_tower/model.safetensors")
        try copy.write([0, 1, 2], to: "vision_tower/model.safetensors")
        let image = RGBImage.gradient(120, 90)
        #expect(
            try Network(folder: copy.folder).encode([image], blocks: 1) { false }[0].token
                == Network(folder: CheckpointCopy.original).encode([image], blocks: 1) { false }[0]
                .token)
    }

    @Test(arguments: ["vision_tower", "openai/vision_tower", "absolute"])
    func theTowersFolderIsFound(name: String) throws {
        let copy = try CheckpointCopy()
        let path = copy.path("vision_tower").string
        try copy.set(["mm_vision_tower": name == "absolute" ? path : name])
        _ = try Network(folder: copy.folder)
    }

    @Test func tiedEmbeddingsNeedNoOutputMatrix() throws {
        let copy = try CheckpointCopy()
        try copy.set(["tie_word_embeddings": true])
        try copy.rewriteWeights { name, tensor in name == "lm_head.weight" ? nil : tensor }
        _ = try Network(folder: copy.folder)
    }

    @Test func aDamagedConfigurationLoadsOrIsRefused() throws {
        let copy = try CheckpointCopy()
        let original = try copy.bytes(of: "config.json")
        var generator = SeededGenerator(seed: 12)
        let image = RGBImage.gradient(40, 30)
        for _ in 0..<150 {
            try copy.write(mutated(original, using: &generator), to: "config.json")
            guard let network = try? Network(folder: copy.folder) else { continue }
            // What loads must also run, or say why it does not.
            _ = try? network.encode([image], blocks: 1) { false }
        }
    }

    @Test(arguments: [(1, 1), (1, 3000), (3000, 1), (3, 2), (112, 112), (500, 333)], [1, 2, 3])
    func picturesOfAnyShapeAreEncoded(_ size: (Int, Int), blocks: Int) throws {
        let network = try Network(folder: CheckpointCopy.original)
        let image = try network.encode([.gradient(size.0, size.1)], blocks: blocks) { false }[0]
        #expect(image.token.count == 128 && image.token.allSatisfy(\.isFinite))
        #expect(image.attention.count == 64 * blocks * blocks)
        #expect(abs(image.attention.reduce(0, +) - 1) < 1e-5)
    }

    @Test(arguments: [1, 2])
    func aClassTokenJoinsThePatchesAndIsNoPatch(blocks: Int) throws {
        let copy = try CheckpointCopy()
        try copy.set(["mm_vision_select_feature": "cls_patch"])
        let network = try Network(folder: copy.folder)
        let image = try network.encode([.gradient(90, 120)], blocks: blocks) { false }[0]
        let patches = 64 * blocks * blocks
        #expect(image.attention.count == patches)
        #expect(image.attention.reduce(0, +) < 1.00001)
        #expect(image.rows == 1 + 64 + (blocks > 1 ? patches : 0) + 1)
        #expect(image.rows == network.configuration.imageRows(blocks: blocks))
    }

    @Test func biasesAndWiderHeadsAreLoadedWhereTheConfigurationHasThem() throws {
        let copy = try CheckpointCopy()
        try copy.set(["attention_bias": true, "mlp_bias": true, "head_dim": 32])
        let error = #expect(throws: ModelError.self) { try Network(folder: copy.folder) }
        let message = try #require(error).description
        for expected in [
            "'model.layers.0.self_attn.o_proj.bias' of shape [128]",
            "'model.prefusion_layers.1.mlp.gate_proj.bias' of shape [352]",
            "'model.layers.2.self_attn.q_proj.weight' in the shape [128, 128] instead of [256, 128]",
            "'model.layers.2.self_attn.k_proj.weight' in the shape [32, 128] instead of [64, 128]",
        ] { #expect(message.contains(expected)) }
    }

    @Test func picturesWithoutEndAreRefused() throws {
        let network = try Network(folder: CheckpointCopy.original)
        #expect(throws: ModelError.self) {
            try network.encode([.gradient(70_000, 1)], blocks: 1) { false }
        }
    }

    @Test func blocksAreRetiledRowByRowOverThePicture() throws {
        let network = try Network(folder: CheckpointCopy.original)
        let grid = network.configuration.vision.grid
        // Each patch is numbered by its place in the picture.
        let parts = (0..<4).map { block in
            Matrix(
                rows: grid * grid, columns: 1,
                values: (0..<grid * grid).map { patch in
                    let y = block / 2 * grid + patch / grid
                    let x = block % 2 * grid + patch % grid
                    return Float(y * 2 * grid + x)
                })
        }
        #expect(
            network.retiled(parts, blocks: 2).values == (0..<4 * grid * grid).map(Float.init))
    }
}

extension RGBImage {
    /// Colours that change slowly across the picture.
    static func gradient(_ width: Int, _ height: Int) -> RGBImage {
        var pixels: [UInt8] = []
        for y in 0..<height {
            for x in 0..<width {
                pixels += [
                    UInt8(x * 255 / width), UInt8(y * 255 / height), UInt8((x + 3 * y) % 256),
                ]
            }
        }
        return RGBImage(width: width, height: height, pixels: pixels)
    }
}
