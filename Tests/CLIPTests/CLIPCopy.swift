import Checkpoint
import Foundation
import SystemPackage
import Tensor
import TestSupport

/// A copy of the tiny CLIP that a test may change.
struct CLIPCopy {
    private let temporary: TemporaryDirectory
    var folder: FilePath { temporary.path.appending("clip") }

    init() throws {
        temporary = try TemporaryDirectory()
        try FileManager.default.createDirectory(
            atPath: folder.string, withIntermediateDirectories: true)
        for name in [
            "config.json", "preprocessor_config.json", "pytorch_model.bin", "tokenizer.json",
            "tokenizer_config.json", "vocab.json", "merges.txt",
        ] {
            try FileManager.default.copyItem(
                atPath: WholeCLIP.fixture.appending(name).string, toPath: path(name).string)
        }
    }

    func path(_ file: String) -> FilePath { folder.appending(file) }

    func remove(_ file: String) throws {
        try FileManager.default.removeItem(atPath: path(file).string)
    }

    /// Sets keys of `config.json`, or of an object in it; nil removes one.
    func set(_ changes: [String: Any?], in part: String? = nil) throws {
        let url = URL(filePath: path("config.json").string)
        let object = try JSONSerialization.jsonObject(with: Data(contentsOf: url))
        var values = object as? [String: Any] ?? [:]
        var changed = part.map { values[$0] as? [String: Any] ?? [:] } ?? values
        for (key, value) in changes { changed[key] = value }
        if let part { values[part] = changed } else { values = changed }
        try JSONSerialization.data(withJSONObject: values).write(to: url)
    }

    /// Writes all weights as safetensors, each as `change` wants it; nil leaves one out.
    func rewriteWeights(
        _ change: (String, Weights) -> SafetensorsWriter.Tensor? = { Self.float32($0, $1) }
    ) throws {
        let weights = try CheckpointFolder(WholeCLIP.fixture)
        let tensors = weights.names.sorted().compactMap { name in
            weights[name].flatMap { change(name, $0) }
        }
        try remove("pytorch_model.bin")
        try SafetensorsWriter.write(tensors, to: path("model.safetensors"))
    }

    static func float32(_ name: String, _ weights: Weights) -> SafetensorsWriter.Tensor {
        SafetensorsWriter.Tensor(
            name: name, elementType: .float32, shape: weights.shape,
            bytes: weights.floats.withUnsafeBytes { Array($0) })
    }

    /// Rounded towards zero.
    static func bfloat16(_ name: String, _ weights: Weights) -> SafetensorsWriter.Tensor {
        SafetensorsWriter.Tensor(
            name: name, elementType: .bfloat16, shape: weights.shape,
            bytes: weights.floats.map { UInt16($0.bitPattern >> 16) }.withUnsafeBytes { Array($0) })
    }
}
