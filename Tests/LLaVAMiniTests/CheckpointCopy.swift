import Checkpoint
import Foundation
import SystemPackage
import Tensor
import TestSupport

@testable import LLaVAMini

/// A copy of the tiny checkpoint that a test may change.
struct CheckpointCopy {
    private let temporary: TemporaryDirectory
    var folder: FilePath { temporary.path.appending("checkpoint") }

    static let original = FilePath(#filePath).removingLastComponent().removingLastComponent()
        .appending("Fixtures").appending("oracle").appending("tiny-llava-mini")

    /// Files that make up a checkpoint; pictures and golden values stay behind.
    private static let files = [
        "config.json", "tokenizer.json", "tokenizer_config.json", "model.safetensors.index.json",
        "model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors",
        "vision_tower/config.json", "vision_tower/preprocessor_config.json",
        "vision_tower/model.safetensors",
    ]

    init() throws {
        temporary = try TemporaryDirectory()
        try FileManager.default.createDirectory(
            atPath: folder.appending("vision_tower").string, withIntermediateDirectories: true)
        for file in Self.files {
            let source = Self.original.pushing(FilePath(file)).string
            let target = folder.pushing(FilePath(file)).string
            if file.hasSuffix(".safetensors") {
                try FileManager.default.createSymbolicLink(
                    atPath: target, withDestinationPath: source)
            } else {
                try FileManager.default.copyItem(atPath: source, toPath: target)
            }
        }
    }

    func path(_ file: String) -> FilePath { folder.pushing(FilePath(file)) }

    func remove(_ file: String) throws {
        try FileManager.default.removeItem(atPath: path(file).string)
    }

    /// Replaces a file's bytes.
    func write(_ bytes: [UInt8], to file: String) throws {
        try Data(bytes).write(to: URL(filePath: path(file).string))
    }

    func bytes(of file: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(filePath: path(file).string)))
    }

    /// Sets keys of a JSON file, or removes those whose value is `nil`.
    func set(_ changes: [String: (any Sendable)?], in file: String = "config.json") throws {
        let data = Data(try bytes(of: file))
        var object = try JSONSerialization.jsonObject(with: data) as? [String: Any] ?? [:]
        for (key, value) in changes { object[key] = value }
        try write([UInt8](try JSONSerialization.data(withJSONObject: object)), to: file)
    }

    /// Writes all weights into one file, each as `change` wants it; `nil` leaves one out.
    func rewriteWeights(
        adding extra: [SafetensorsWriter.Tensor] = [],
        _ change: (String, SafetensorsWriter.Tensor) -> SafetensorsWriter.Tensor? = { $1 }
    ) throws {
        let checkpoint = try CheckpointFolder(Self.original)
        let tensors = checkpoint.names.sorted().compactMap { name in
            checkpoint[name].flatMap { change(name, .init($0, named: name)) }
        }
        try remove("model.safetensors.index.json")
        try SafetensorsWriter.write(tensors + extra, to: path("model.safetensors"))
    }
}

extension SafetensorsWriter.Tensor {
    /// A tensor of another file, as it is.
    init(_ weights: Weights, named name: String) {
        self.init(
            name: name, elementType: weights.elementType, shape: weights.shape,
            bytes: [UInt8](weights.bytes))
    }
}
