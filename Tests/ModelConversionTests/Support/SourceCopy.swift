import Checkpoint
import Foundation
import SystemPackage
import Tensor
import TestSupport

/// A copy of a tiny checkpoint that a test may change, and room for what it is converted to.
struct SourceCopy {
    private let temporary: TemporaryDirectory
    var room: FilePath { temporary.path }
    var folder: FilePath { room.appending("tiny") }
    var target: FilePath { room.appending("converted") }

    /// Copies one of the fixtures' checkpoints.
    init(_ name: String = "one-layer-theta-10000-f16") throws {
        temporary = try TemporaryDirectory()
        let fixture = FilePath(#filePath).removingLastComponent().removingLastComponent()
            .removingLastComponent().appending("Fixtures/oracle").appending(name)
        try FileManager.default.copyItem(atPath: fixture.string, toPath: folder.string)
    }

    func path(_ file: String) -> FilePath { folder.pushing(FilePath(file)) }

    func names(_ folder: FilePath) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.string).sorted()
    }

    func write(_ text: String, to file: FilePath) throws {
        try Data(text.utf8).write(to: URL(filePath: file.string))
    }

    func text(_ file: FilePath) throws -> String {
        try String(contentsOfFile: file.string, encoding: .utf8)
    }

    /// Writes the checkpoint's own weights anew into one file, each as `change` wants it; `nil`
    /// leaves one out.
    func rewrite(
        adding extra: [SafetensorsWriter.Tensor] = [],
        _ change: (String, Weights) -> SafetensorsWriter.Tensor? = { Self.same($0, $1) }
    ) throws {
        let checkpoint = try CheckpointFolder(folder)
        let tensors = checkpoint.names.sorted().compactMap { name in
            checkpoint[name].flatMap { change(name, $0) }
        }
        try SafetensorsWriter.write(tensors + extra, to: path("model.safetensors"))
    }

    /// A tensor as it is.
    static func same(
        _ name: String, _ weights: Weights, shape: [Int]? = nil
    ) -> SafetensorsWriter.Tensor {
        SafetensorsWriter.Tensor(
            name: name, elementType: weights.elementType, shape: shape ?? weights.shape,
            bytes: withExtendedLifetime(weights.file) { Array(weights.bytes) })
    }

    /// A tensor of numbers in single precision.
    static func float32(
        _ name: String, _ shape: [Int], _ numbers: [Float]
    ) -> SafetensorsWriter.Tensor {
        SafetensorsWriter.Tensor(
            name: name, elementType: .float32, shape: shape,
            bytes: numbers.withUnsafeBytes { Array($0) })
    }
}
