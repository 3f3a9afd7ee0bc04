import SystemPackage
import Tensor
import TestSupport
import Testing

@testable import Checkpoint

/// Files that torch itself wrote (Tests/Fixtures/make_torch.py).
@Suite struct TorchFileTests {
    static let fixtures = FilePath(#filePath).removingLastComponent().removingLastComponent()
        .removingLastComponent().appending("Fixtures/torch")

    private func error(_ name: String) throws -> CheckpointError {
        try #require(throws: CheckpointError.self) {
            try TorchFile(Self.fixtures.appending(name))
        }
    }

    @Test(arguments: ["state.bin", "plain-dictionary.bin"])
    func readsWhatTorchWrote(_ name: String) throws {
        let file = try TorchFile(Self.fixtures.appending(name))
        #expect(file.unusable == ["embeddings.position_ids": "I64"])
        #expect(
            file.weights.mapValues(\.floats) == [
                "float32": [0, 1, 2, 3, 4, 5], "float16": [0, 1, 2, 3, 4, 5],
                "bfloat16": [0, 1, 2, 3, 4, 5], "scalar": [1.5], "empty": [],
                "second row": [3, 4, 5], "column of one": [0, 1, 2], "parameter": [1, 1, 1],
            ])
        #expect(
            file.weights.mapValues(\.shape) == [
                "float32": [2, 3], "float16": [2, 3], "bfloat16": [3, 2], "scalar": [],
                "empty": [0, 4], "second row": [3], "column of one": [3, 1], "parameter": [3],
            ])
    }

    @Test(arguments: [
        ("transposed.bin", "made contiguous"), ("legacy.bin", "before version 1.6"),
        ("protocol-4.bin", "protocol 4"), ("nested.bin", "'model' is a dictionary, no tensor"),
        ("module.bin", "asks for 'torch.nn.modules.linear.Linear'"),
    ]) func saysWhyItCannotReadAFile(_ name: String, _ answer: String) throws {
        let error = try error(name)
        #expect(error.path.lastComponent?.string == name)
        #expect(error.description.contains(answer), "\(error)")
    }

    @Test func namesAFileThatIsNotThere() throws {
        #expect(try error("gone.bin").cause as? Errno == .noSuchFileOrDirectory)
    }

    @Test func refusesAFileThatIsNoZip() throws {
        let folder = try TemporaryDirectory()
        let path = folder.path.appending("pytorch_model.bin")
        for bytes in [[], [1], Array("version https://git-lfs.github.com/spec/v1\n".utf8)] {
            try write(bytes, to: path)
            let error = try #require(throws: CheckpointError.self) { try TorchFile(path) }
            #expect(error.description.contains("does not begin as a zip"))
        }
    }
}
