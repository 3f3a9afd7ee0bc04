import TestSupport
import Testing

@testable import Checkpoint

@Suite struct PickleTests {
    private func tensors(
        _ bytes: [UInt8]
    ) throws -> [(name: String, tensor: PickledTensor)] {
        try bytes.withUnsafeBytes { try Pickle.tensors(in: $0) }
    }

    private func flaw(_ bytes: [UInt8]) throws -> String {
        try #require(throws: ArchiveFlaw.self) { try tensors(bytes) }.description
    }

    @Test func readsATensor() throws {
        let found = try tensors(
            PickleImage.dictionary {
                $0.text("w")
                $0.tensor("7", storage: "HalfStorage", count: 9, offset: 3, shape: [2, 3])
            })
        #expect(found.map(\.name) == ["w"])
        let storage = PickledStorage(key: "7", type: StorageType(name: "F16"), count: 9)
        #expect(
            found.first?.tensor
                == PickledTensor(storage: storage, offset: 3, shape: [2, 3], strides: [3, 1]))
    }

    @Test(
        arguments: [
            ([0x8A, 0], 0), ([0x8A, 1, 0xFF], -1), ([0x8A, 2, 0x00, 0x80], -32768),
            ([0x8A, 5, 0, 0, 0, 0, 1], 1 << 32), ([0x4A, 0xFE, 0xFF, 0xFF, 0xFF], -2),
            ([0x4B, 0xFF], 255), ([0x4D, 0xFF, 0xFF], 65535),
            ([0x8A, 8, 0, 0, 0, 0, 0, 0, 0, 0x80], Int.min),
        ] as [([UInt8], Int)]) func readsANumber(_ opcode: [UInt8], _ value: Int) throws
    {
        // A number in the place of an offset: the flaw or the tensor tells what was read.
        var pickle = PickleImage()
        pickle.raw("}(")
        pickle.text("w")
        pickle.global("torch._utils", "_rebuild_tensor_v2")
        pickle.raw("((")
        pickle.text("storage")
        pickle.global("torch", "FloatStorage")
        pickle.text("0")
        pickle.raw("N")
        pickle.raw([0x4B, 1])
        pickle.raw("tQ")
        pickle.raw(opcode)
        pickle.raw("))NNtRu")
        if value >= 0 {
            #expect(try tensors(pickle.ended).first?.tensor.offset == value)
        } else {
            #expect(try flaw(pickle.ended).contains("a tensor in an unknown way"))
        }
    }

    @Test func takesParametersAndAModulesAttributes() throws {
        var pickle = PickleImage()
        pickle.global("collections", "OrderedDict")
        pickle.raw(")R(")
        pickle.text("w")
        pickle.global("torch._utils", "_rebuild_parameter")
        pickle.raw("(")
        pickle.tensor(count: 2, shape: [2])
        pickle.raw([0x88])
        pickle.raw("NtRu}")
        pickle.text("_metadata")
        pickle.raw("}sb")
        #expect(try tensors(pickle.ended).map(\.tensor.shape) == [[2]])
    }

    /// The two ways to call something, and the names that attackers call.
    @Test(arguments: [
        ("os", "system"), ("posix", "system"), ("builtins", "eval"), ("builtins", "getattr"),
        ("subprocess", "Popen"), ("torch", "load"), ("torch.storage", "_load_from_bytes"),
        ("collections", "OrderedDict.__reduce__"), ("", ""),
    ]) func refusesAnyOtherName(_ module: String, _ name: String) throws {
        let bytes = PickleImage.dictionary {
            $0.text("w")
            $0.global(module, name)
            $0.raw("(")
            $0.text("touch /tmp/owned")
            $0.raw("tR")
        }
        #expect(try flaw(bytes).contains("asks for '\(module).\(name)'"))
    }

    @Test func doesNotEvenCallTheNamesThatItKnows() throws {
        let bytes = PickleImage.dictionary {
            $0.text("w")
            $0.global("torch", "FloatStorage")
            $0.raw("(KdtR")
        }
        #expect(try flaw(bytes).contains("calls 'torch.FloatStorage' with 1 arguments"))
    }

    @Test func refusesEveryOpcodeThatTensorsDoNotNeed() throws {
        for byte in UInt8.min...UInt8.max where PickleOpcode(rawValue: byte) == nil {
            let message = try flaw([0x80, 2, byte])
            #expect(message.contains("the opcode \(PickleOpcode.refusedName(byte)) at byte 2"))
        }
        #expect(PickleOpcode.refusedName(0x93) == "STACK_GLOBAL")
        #expect(PickleOpcode.refusedName(0x69) == "INST")
    }

    /// A pickle behind its first two bytes, and a word of the answer.
    @Test(arguments: [
        ("", "before all of it was read"), (".", "before it is complete"),
        ("}}.", "before it is complete"), ("}.}", "goes on behind its end"),
        ("N.", "holds nothing instead of tensors"), (").", "holds a tuple"), ("}s", "takes more"),
        ("}(Ns", "takes more values"), ("}NNs.", "nothing where a name belongs"),
        ("}(Nu.", "no dictionary"), ("NNNs.", "no dictionary"), ("u", "never set"),
        ("h\u{1}", "never remembered"), ("q\u{1}", "remembers nothing"), ("R", "takes more"),
        ("NNR", "calls nothing"), ("NNb", "no dictionary"), (")Q", "in an unknown way"),
        ("X\u{7F}\u{7F}\u{7F}\u{7F}", "a name of 2139062143 bytes"),
    ]) func refusesNonsense(_ letters: String, _ answer: String) throws {
        let message = try flaw([0x80, 2] + Array(letters.utf8))
        #expect(message.contains(answer), "\(message)")
    }

    @Test func boundsWhatItKeeps() throws {
        let stack = [UInt8](repeating: UInt8(ascii: "N"), count: 1 << 18)
        #expect(try flaw([0x80, 2] + stack).contains("piles up"))
        let marks = [UInt8](repeating: UInt8(ascii: "("), count: 1 << 18)
        #expect(try flaw([0x80, 2] + marks).contains("piles up"))
        let memo = (0..<UInt64(1 << 18)).flatMap { place -> [UInt8] in
            [0x72] + ZipImage.little(place, 4)
        }
        #expect(try flaw([0x80, 2, 0x4E] + memo).contains("remembers more"))
        #expect(try flaw([UInt8](repeating: 0x4E, count: 3 << 20)).contains("no list of tensors"))
    }

    @Test func survivesNestingAndCycles() throws {
        let deep = [UInt8](repeating: 0x85, count: 1 << 17)
        #expect(try flaw([0x80, 2, 0x4E] + deep + [0x2E]).contains("holds a tuple"))
        // A dictionary that holds itself.
        var cycle = PickleImage()
        cycle.raw("}q\u{1}")
        cycle.text("self")
        cycle.raw("h\u{1}s")
        #expect(try flaw(cycle.ended).contains("'self' is a dictionary, no tensor"))
    }

    @Test func keepsTerminalsSafeFromNames() throws {
        let bytes = PickleImage.dictionary {
            $0.text("w\u{1B}[2J")
            $0.raw("N")
        }
        #expect(try flaw(bytes) == "'w\u{FFFD}[2J' is nothing, no tensor")
    }
}
