import JSONScanning
import SystemPackage
import Tensor
import TestSupport
import Testing

@testable import Checkpoint

@Suite struct SafetensorsFileTests {
    let directory: TemporaryDirectory
    let path: FilePath

    init() throws {
        directory = try TemporaryDirectory()
        path = directory.path.appending("model.safetensors")
    }

    @Test func readsTypeShapeAndBytes() throws {
        let header = #"{"a":{"dtype":"F16","shape":[2,3],"data_offsets":[0,12]}}"#
        try write(safetensors(header, data: 12), to: path)
        let weights = try #require(try SafetensorsFile(path).weights["a"])
        #expect(weights.elementType == .float16)
        #expect(weights.shape == [2, 3])
        #expect(contents(of: weights) == Array(repeating: 7, count: 12))
    }

    @Test func readsMetadataAndAScalarAndAnEmptyTensor() throws {
        let header = #"""
            {"__metadata__":{"format":"p\u0074"},
            "none":{"dtype":"F32","shape":[0,5],"data_offsets":[0,0]},
            "one":{"dtype":"F32","shape":[],"data_offsets":[0,4],"later":{"x":[1,{}]}}}
            """#
        try write(safetensors(header, data: 4), to: path)
        let file = try SafetensorsFile(path)
        #expect(file.metadata == ["format": "pt"])
        #expect(file.weights["one"]?.count == 1)
        #expect(file.weights["none"]?.count == 0)
    }

    @Test func listsTensorsOfOtherTypesAsUnusable() throws {
        let header = #"""
            {"ids":{"dtype":"I64","shape":[1],"data_offsets":[0,8]},
            "new":{"dtype":"F9_X","shape":[3],"data_offsets":[8,12]}}
            """#
        try write(safetensors(header, data: 12), to: path)
        let file = try SafetensorsFile(path)
        #expect(file.weights.isEmpty)
        #expect(file.unusable == ["ids": "I64", "new": "F9_X"])
    }

    /// A header that lies, the number of data bytes behind it, and a word of the answer.
    static let lies: [(header: String, data: Int, answer: String)] = [
        (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,8]}}"#, 4, "lies at"),
        (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#, 4, "lies at"),
        (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, 4, "has 4 bytes"),
        (#"{"a":{"dtype":"I64","shape":[2],"data_offsets":[0,8]}}"#, 8, "has 8 bytes"),
        (#"{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#, 4, "negative"),
        (#"{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}"#, 4, "fraction"),
        (#"{"a":{"dtype":"F32","shape":[01],"data_offsets":[0,4]}}"#, 4, "begins with 0"),
        (#"{"a":{"dtype":"F32","shape":[9223372036854775808],"data_offsets":[0,4]}}"#, 4, "large"),
        (
            #"{"a":{"dtype":"F32","shape":[4611686018427387904,4,0],"data_offsets":[0,0]}}"#, 0,
            "overflows"
        ),
        (
            #"{"a":{"dtype":"F32","shape":[4611686018427387904],"data_offsets":[0,0]}}"#, 0,
            "overflows"
        ),
        (#"{"a":{"dtype":"F32","shape":[1]}}"#, 4, "lacks"),
        (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}}"#, 4, "more than 2"),
        (
            #"{"a":{"dtype":"F32","shape":[1],"shape":[1],"data_offsets":[0,4]}}"#, 4,
            "'shape' of 'a' stands twice"
        ),
        (
            #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"#
                + #""a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#, 8,
            "the tensor 'a' stands twice"
        ),
        (
            #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"#
                + #""b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}"#, 12, "overlap"
        ),
        (
            #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"#
                + #""b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}"#, 12,
            "4 bytes between 'a' and 'b'"
        ),
        (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 6, "2 bytes at the end"),
        (#"{"__metadata__":{"a":1}}"#, 0, "expected '\"'"),
        (#"{"a":{"dtype":"F32"}} x"#, 0, "lacks"),
        (#"{} x"#, 0, "expected the end"),
        (#"[]"#, 0, "expected '{'"),
        (#"{"a\ud800":{}}"#, 0, "surrogate"),
        ("", 0, "expected '{'"),
    ]

    @Test(arguments: lies) func refusesALyingHeader(
        _ lie: (header: String, data: Int, answer: String)
    ) throws {
        try write(safetensors(lie.header, data: lie.data), to: path)
        let error = try #require(throws: CheckpointError.self) { try SafetensorsFile(path) }
        #expect(error.path == path)
        #expect(error.description.contains(lie.answer), "\(error)")
    }

    @Test(arguments: [UInt64.max, 1 << 63, 1 << 62, 100_000_001, 3])
    func refusesALyingLength(_ length: UInt64) throws {
        try write(safetensors("{}", length: length), to: path)
        let error = try #require(throws: CheckpointError.self) { try SafetensorsFile(path) }
        #expect(error.description.contains("a header of \(length) bytes"))
    }

    @Test(arguments: [0, 7]) func refusesAFileWithoutALength(_ count: Int) throws {
        try write(Array(repeating: 0, count: count), to: path)
        #expect(throws: CheckpointError.self) { try SafetensorsFile(path) }
    }

    @Test func refusesAHeaderThatNestsDeeply() throws {
        let header = #"{"a":{"x":"# + String(repeating: "[", count: 1_000_000)
        try write(safetensors(header), to: path)
        let error = try #require(throws: CheckpointError.self) { try SafetensorsFile(path) }
        #expect(error.description.contains("within each other"))
    }

    @Test func keepsMessagesShortWhateverTheNames() throws {
        let header = "{\"" + String(repeating: "n", count: 4000) + "\":{}}"
        try write(safetensors(header), to: path)
        let error = try #require(throws: CheckpointError.self) { try SafetensorsFile(path) }
        #expect(error.reason.utf8.count + "\(String(describing: error.cause))".utf8.count < 400)
    }

    @Test func namesAFileThatIsNotThere() throws {
        let error = try #require(throws: CheckpointError.self) { try SafetensorsFile(path) }
        #expect(error.cause as? Errno == .noSuchFileOrDirectory)
        #expect(error.description.contains(path.string))
    }

    /// Whatever the bytes: an error, or tensors whose bytes lie in the file.
    @Test func survivesMutation() throws {
        try SafetensorsWriter.write(
            [counting("first.weight", .float32, [3, 4]), counting("b", .bfloat16, [5])],
            metadata: ["format": "pt"], to: path)
        let original = try contents(of: path)
        var generator = SeededGenerator(seed: 1)
        var accepted = 0
        for _ in 0..<5000 {
            let bytes = mutated(original, using: &generator)
            try bytes.withUnsafeBytes { bytes in
                do {
                    let header = try SafetensorsHeader(of: bytes)
                    accepted += 1
                    for entry in header.entries {
                        #expect(
                            entry.range.lowerBound >= 8 && entry.range.upperBound <= bytes.count)
                    }
                } catch is HeaderFlaw {
                } catch is JSONScanner.Failure {
                }
            }
        }
        #expect((1..<5000).contains(accepted), "mutations should neither all pass nor all fail")
    }
}
