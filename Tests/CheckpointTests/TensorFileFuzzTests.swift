import Foundation
import JSONScanning
import SystemPackage
import Tensor
import TestSupport
import Testing

@testable import Checkpoint

/// Damaged files of both formats: an error in words, or tensors that lie within the file.
///
/// A crash of the test is what is looked for. `VIGNETTE_FUZZ_SECONDS` makes each test run so long;
/// `VIGNETTE_FUZZ_SEED` lets it find other things.
@Suite struct TensorFileFuzzTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let seconds = environment["VIGNETTE_FUZZ_SECONDS"].flatMap { Double($0) }
    private static let seed = environment["VIGNETTE_FUZZ_SEED"].flatMap { UInt64($0) } ?? 1
    private static let rounds = 1500
    /// What a reader may keep of a small file, whatever it says, with the tests' own memory.
    private static let memoryLimitKiB = 200 * 1024

    /// Reads damaged bytes until the time, or the number of rounds, is over.
    private func fuzz(
        _ damage: (inout SeededGenerator) -> [UInt8], read: ([UInt8]) throws -> Void
    ) throws {
        var generator = SeededGenerator(seed: Self.seed)
        let start = ContinuousClock.now
        var (accepted, refused) = (0, 0)
        while Self.seconds.map({ ContinuousClock.now - start < .seconds($0) })
            ?? (accepted + refused < Self.rounds)
        {
            do {
                try read(damage(&generator))
                accepted += 1
            } catch is CheckpointError {
                refused += 1
            }
        }
        #expect(accepted > 0 && refused > 0, "\(accepted) accepted, \(refused) refused")
        guard Self.seconds != nil else { return }
        print("\(accepted) accepted, \(refused) refused, peak \(try Self.peakKiB()) KiB")
        #expect(try Self.peakKiB() < Self.memoryLimitKiB)
    }

    private static func peakKiB() throws -> Int {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return try #require(line.flatMap { Int($0.filter(\.isNumber)) })
    }

    /// Touches the outermost bytes of every tensor that was accepted.
    private func touch(_ file: some TensorFile) {
        for weights in file.weights.values {
            let bytes = contents(of: weights)
            #expect(bytes.count == weights.count * weights.elementType.byteCount)
        }
    }

    @Test func safetensorsWithDamagedBytes() throws {
        let folder = try TemporaryDirectory()
        let path = folder.path.appending("model.safetensors")
        try SafetensorsWriter.write(
            [
                counting("first.weight", .float32, [3, 4]), counting("b", .bfloat16, [5]),
                counting("panels", .uint8, [2, 64]),
            ], metadata: ["format": "pt"], to: path)
        let original = try contents(of: path)
        try fuzz {
            Bool.random(using: &$0)
                ? mutated(original, using: &$0) : withMutatedFields(original, using: &$0)
        } read: { bytes in
            try write(bytes, to: path)
            touch(try SafetensorsFile(path))
        }
    }

    @Test func safetensorsWithOtherNumbersInTheHeader() throws {
        let folder = try TemporaryDirectory()
        let path = folder.path.appending("model.safetensors")
        let header = #"""
            {"__metadata__":{"n":"7"},"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},
            "b":{"dtype":"BF16","shape":[4],"data_offsets":[24,32]},
            "c":{"dtype":"I64","shape":[1],"data_offsets":[32,40]}}
            """#
        try fuzz {
            safetensors(withMutatedNumbers(header, using: &$0), data: 40)
        } read: { bytes in
            try write(bytes, to: path)
            touch(try SafetensorsFile(path))
        }
    }

    @Test func shardIndexesWithDamagedBytes() throws {
        let folder = try TemporaryDirectory()
        try SafetensorsWriter.write(
            [counting("a", .float32, [2])], to: folder.path.appending("1.safetensors"))
        let index = Array(#"{"metadata":{"total_size":8},"weight_map":{"a":"1.safetensors"}}"#.utf8)
        try fuzz {
            mutated(index, using: &$0)
        } read: { bytes in
            try write(bytes, to: folder.path.appending("model.safetensors.index.json"))
            _ = try CheckpointFolder(folder.path)
        }
    }

    @Test(arguments: ["state.bin", "plain-dictionary.bin"])
    func torchFilesWithDamagedBytes(_ name: String) throws {
        let folder = try TemporaryDirectory()
        let path = folder.path.appending("pytorch_model.bin")
        let original = try contents(of: TorchFileTests.fixtures.appending(name))
        try fuzz {
            Bool.random(using: &$0)
                ? mutated(original, using: &$0) : withMutatedFields(original, using: &$0)
        } read: { bytes in
            try write(bytes, to: path)
            touch(try TorchFile(path))
        }
    }

    /// Damage that the archive does not show: its sizes are true, its pickle is not.
    @Test func torchFilesWithADamagedPickle() throws {
        let folder = try TemporaryDirectory()
        let path = folder.path.appending("pytorch_model.bin")
        let pickle = PickleImage.dictionary {
            $0.text("w")
            $0.tensor("0", count: 6, offset: 2, shape: [2, 2])
            $0.raw([0x71, 1])
            $0.text("h")
            $0.tensor("1", storage: "HalfStorage", count: 4, shape: [4])
            $0.text("same")
            $0.raw([0x68, 1])
        }
        let data = ["0": [UInt8](repeating: 7, count: 24), "1": [UInt8](repeating: 7, count: 8)]
        try fuzz { generator in
            let damaged =
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: mutated(pickle, using: &generator)
                case 1: withMutatedFields(pickle, using: &generator)
                default: Self.shuffled(pickle, using: &generator)
                }
            return torchArchive(damaged, data: data).bytes
        } read: { bytes in
            try write(bytes, to: path)
            touch(try TorchFile(path))
        }
    }

    /// Moves opcodes and operands to where they do not belong.
    private static func shuffled(
        _ bytes: [UInt8], using generator: inout SeededGenerator
    ) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...3, using: &generator) {
            let length = Int.random(in: 1...8, using: &generator)
            let from = Int.random(in: 2..<bytes.count - length, using: &generator)
            let piece = Array(bytes[from..<from + length])
            if Bool.random(using: &generator) { bytes.removeSubrange(from..<from + length) }
            bytes.insert(
                contentsOf: piece, at: Int.random(in: 2..<bytes.count, using: &generator))
        }
        return bytes
    }
}
