import SystemPackage
import Tensor
import TestSupport
import Testing

@testable import Checkpoint

@Suite struct CheckpointFolderTests {
    let directory: TemporaryDirectory
    var folder: FilePath { directory.path }

    init() throws {
        directory = try TemporaryDirectory()
    }

    private func writeIndex(_ weightMap: String) throws {
        try write(
            Array(#"{"metadata":{"total_size":[1]},"weight_map":{\#(weightMap)}}"#.utf8),
            to: folder.appending("model.safetensors.index.json"))
    }

    private func writeShard(_ name: String, _ tensors: [String]) throws {
        try SafetensorsWriter.write(
            tensors.map { counting($0, .float32, [2]) }, to: folder.appending(name))
    }

    private func error() throws -> CheckpointError {
        try #require(throws: CheckpointError.self) { try CheckpointFolder(folder) }
    }

    @Test(arguments: [
        ("tiny-llava-mini", 128, ElementType.bfloat16),
        ("compressor-2-pad-inside-f16", 16, .float16),
        ("compressor-3-last-layer-f32", 12, .float32),
        ("prefusion-3-shards-video-bf16", 24, .bfloat16),
    ]) func readsAnOracle(_ name: String, _ width: Int, _ elementType: ElementType) throws {
        let oracle = FilePath(#filePath).removingLastComponent().removingLastComponent()
            .appending("Fixtures/oracle").appending(name)
        let checkpoint = try CheckpointFolder(oracle)
        #expect(checkpoint["model.embed_tokens.weight"]?.shape == [2048, width])
        #expect(checkpoint["lm_head.weight"]?.elementType == elementType)
        #expect(checkpoint["absent"] == nil)
    }

    @Test func saysWhyAFolderCannotBeLookedInto() throws {
        try write([], to: folder.appending("file"))
        let error = try #require(throws: CheckpointError.self) {
            try CheckpointFolder(folder.appending("file"))
        }
        #expect(error.cause as? Errno == .notDirectory)
    }

    @Test func joinsShards() throws {
        try writeShard("1.safetensors", ["a"])
        try writeShard("2.safetensors", ["b", "unlisted"])
        try writeIndex(#""a":"1.safetensors","b":"2.safetensors""#)
        #expect(try CheckpointFolder(folder).names == ["a", "b"])
    }

    @Test func prefersTheSingleFile() throws {
        try writeShard("model.safetensors", ["single"])
        try writeIndex(#""a":"gone.safetensors""#)
        #expect(try CheckpointFolder(folder).names == ["single"])
    }

    @Test func namesWhatItLookedFor() throws {
        for name in ["model.safetensors.index.json", "pytorch_model.bin"] {
            #expect(try error().description.contains(name))
        }
    }

    private func writeTorchShard(_ name: String, _ tensor: String) throws {
        let pickle = PickleImage.dictionary {
            $0.text(tensor)
            $0.tensor(count: 1, shape: [1])
        }
        try write(
            torchArchive(pickle, data: ["0": [0, 0, 0, 0]]).bytes, to: folder.appending(name))
    }

    @Test func takesATorchFileWhereThereIsNoSafetensors() throws {
        try writeTorchShard("pytorch_model.bin", "torch")
        #expect(try CheckpointFolder(folder).names == ["torch"])
        try writeShard("1.safetensors", ["sharded"])
        try writeIndex(#""sharded":"1.safetensors""#)
        #expect(try CheckpointFolder(folder).names == ["sharded"])
    }

    @Test func joinsTorchShards() throws {
        try writeTorchShard("1.bin", "a")
        try writeTorchShard("2.bin", "b")
        try write(
            Array(#"{"weight_map":{"a":"1.bin","b":"2.bin"}}"#.utf8),
            to: folder.appending("pytorch_model.bin.index.json"))
        #expect(try CheckpointFolder(folder).names == ["a", "b"])
    }

    @Test func boundsTheHeadersOfAllShardsTogether() throws {
        let padding = String(repeating: " ", count: 9 << 20)
        for name in ["1", "2"] {
            try write(safetensors("{\(padding)}"), to: folder.appending("\(name).safetensors"))
        }
        try writeIndex(#""a":"1.safetensors","b":"2.safetensors""#)
        #expect(try error().reason.contains("more tensors than any model"))
    }

    @Test func namesMissingShards() throws {
        try writeShard("1.safetensors", ["a"])
        try writeIndex(#""a":"1.safetensors","b":"2.safetensors""#)
        #expect(try error().reason == "lacks the shards '2.safetensors'")
    }

    @Test func namesTensorsThatAShardLacks() throws {
        try writeShard("1.safetensors", ["a"])
        try writeIndex(#""a":"1.safetensors","b":"1.safetensors""#)
        #expect(try error().path == folder.appending("1.safetensors"))
        #expect(try error().reason.contains("'b'"))
    }

    @Test func namesATensorInTwoShards() throws {
        try writeShard("1.safetensors", ["a", "both"])
        try writeShard("2.safetensors", ["b", "both"])
        try writeIndex(#""a":"1.safetensors","b":"2.safetensors","both":"1.safetensors""#)
        #expect(try error().reason.contains("'both' that 1.safetensors holds as well"))
    }

    @Test func namesATensorThatIsListedTwice() throws {
        try writeIndex(#""a":"1.safetensors","a":"2.safetensors""#)
        #expect(try error().description.contains("'a' is listed twice"))
    }

    @Test(arguments: ["../up.safetensors", "/etc/passwd", "sub/x.safetensors", "..", ".", ""])
    func refusesAShardOutsideTheFolder(_ name: String) throws {
        try writeIndex(#""a":"\#(name)""#)
        #expect(try error().description.contains("no name of a shard"))
    }

    @Test(arguments: ["", "[]", "{}", #"{"weight_map":1}"#, #"{"weight_map":{"a":null}}"#])
    func refusesWhatIsNoIndex(_ json: String) throws {
        try write(Array(json.utf8), to: folder.appending("model.safetensors.index.json"))
        #expect(try error().reason == "is no usable index of shards")
    }

    @Test func saysWhyATensorCannotBeHad() throws {
        let header = #"""
            {"ids":{"dtype":"I64","shape":[1],"data_offsets":[0,8]},
            "w":{"dtype":"F32","shape":[1,2],"data_offsets":[8,16]}}
            """#
        try write(safetensors(header, data: 16), to: folder.appending("model.safetensors"))
        let checkpoint = try CheckpointFolder(folder)
        #expect(try checkpoint.tensor("w", shape: [1, 2]).count == 2)
        for (name, shape, answer) in [
            ("w", [2], "in the shape [1, 2] instead of [2]"), ("ids", [1], "as I64"),
            ("gone", [1], "lacks the tensor 'gone'"),
        ] {
            let error = try #require(throws: CheckpointError.self) {
                try checkpoint.tensor(name, shape: shape)
            }
            #expect(error.reason.contains(answer))
        }
    }
}
