import Foundation
import SystemPackage
import Tensor
import TestSupport
import Testing

@testable import Checkpoint

@Suite struct SafetensorsWriterTests {
    let directory: TemporaryDirectory
    let path: FilePath

    init() throws {
        directory = try TemporaryDirectory()
        path = directory.path.appending("model.safetensors")
    }

    @Test func whatIsWrittenIsRead() throws {
        try SafetensorsWriter.write(
            [
                counting("half \"quoted\" é/", .float16, [3]), counting("a", .float32, [2, 2]),
                counting("empty", .bfloat16, [0, 9]),
            ], metadata: ["format": "pt"], to: path)
        let file = try SafetensorsFile(path)
        #expect(file.metadata == ["format": "pt"])
        #expect(file.weights.keys.sorted() == ["a", "empty", "half \"quoted\" é/"])
        #expect(contents(of: try #require(file.weights["a"])) == Array(0..<16))
        let half = try #require(file.weights["half \"quoted\" é/"])
        #expect(contents(of: half) == Array(0..<6))
    }

    @Test func alignsTheDataAndEveryTensorToItsElements() throws {
        try SafetensorsWriter.write(
            [
                counting("x", .float16, [3]), counting("y", .float32, [1]),
                counting("z", .bfloat16, [1]), counting("w", .float32, [3]),
            ], to: path)
        let weights = try SafetensorsFile(path).weights
        #expect(weights["y"]?.range.lowerBound.isMultiple(of: 64) == true)
        for tensor in weights.values {
            #expect(tensor.range.lowerBound.isMultiple(of: tensor.elementType.byteCount))
        }
    }

    @Test func putsWhatAsksForMoreAlignmentFirst() throws {
        let panels = SafetensorsWriter.Tensor(
            name: "panels", elementType: .uint8, shape: [2, 64], alignment: 64
        ) { try Array(repeating: UInt8(1), count: 128).withUnsafeBytes($0) }
        let tensors = [
            counting("bytes", .uint8, [3]), counting("x", .float32, [1]), panels,
            counting("z", .bfloat16, [1]),
        ]
        try SafetensorsWriter.write(tensors, to: path)
        let weights = try SafetensorsFile(path).weights.mapValues(\.range)
        #expect(weights["panels"]?.lowerBound.isMultiple(of: 64) == true)
        #expect(weights["panels"]?.upperBound == weights["x"]?.lowerBound)
        #expect(weights["x"]?.upperBound == weights["z"]?.lowerBound)
        #expect(weights["z"]?.upperBound == weights["bytes"]?.lowerBound)
        let size = try SafetensorsWriter.byteCount(tensors, for: path)
        #expect(size == (try contents(of: path).count))
    }

    @Test(arguments: [(3, 64), (64, 3), (128, 128)])
    func refusesAnAlignmentThatCannotBe(_ count: Int, _ alignment: Int) {
        let tensor = SafetensorsWriter.Tensor(
            name: "w", elementType: .uint8, shape: [count], alignment: alignment
        ) { try Array(repeating: UInt8(1), count: count).withUnsafeBytes($0) }
        #expect(throws: CheckpointError.self) { try SafetensorsWriter.write([tensor], to: path) }
    }

    @Test func leavesTheOldFileWhereWritingFails() throws {
        try SafetensorsWriter.write([counting("old", .float32, [1])], to: path)
        let short = SafetensorsWriter.Tensor(
            name: "short", elementType: .float32, shape: [2], bytes: [1, 2, 3])
        let error = try #require(throws: CheckpointError.self) {
            try SafetensorsWriter.write([short], to: path)
        }
        #expect(error.description.contains("'short' came as 3 bytes instead of 8"))
        #expect(try SafetensorsFile(path).weights.keys.sorted() == ["old"])
        let names = try FileManager.default.contentsOfDirectory(atPath: directory.path.string)
        #expect(names == ["model.safetensors"])
    }

    @Test func refusesTwoTensorsOfOneName() {
        #expect(throws: CheckpointError.self) {
            try SafetensorsWriter.write(
                [counting("a", .float32, [1]), counting("a", .float32, [1])], to: path)
        }
    }
}
