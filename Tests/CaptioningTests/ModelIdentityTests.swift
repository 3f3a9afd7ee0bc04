import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import Captioning

@Suite struct ModelIdentityTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        try write(Data("{}".utf8), to: "config.json")
        try write(Data(repeating: 7, count: 5_000_000), to: "model.safetensors")
    }

    @Test func isTheSameForTheSameFiles() throws {
        #expect(try ModelIdentity(folder: directory.path) == ModelIdentity(folder: directory.path))
        #expect(try ModelIdentity(folder: directory.path).version.count == 12)
    }

    @Test func changesWithTheConfiguration() throws {
        let before = try ModelIdentity(folder: directory.path)
        try write(Data("{ }".utf8), to: "config.json")
        #expect(try ModelIdentity(folder: directory.path) != before)
    }

    @Test func whatEmbeddingsTakeChangesThePackedModelsEmbeddingsAndNotItself() throws {
        let fixture = FilePath(#filePath).removingLastComponent().removingLastComponent()
            .appending("Fixtures").appending("oracle").appending("tiny-llava-mini")
        let copy = try FolderCopy(fixture)
        let path = copy.path.appending("config.json").string
        var values = try #require(
            try JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: path)))
                as? [String: Any])
        values["mm_vision_tower"] = "vision_tower"
        values["vignette_quantization"] = ["bits": 4, "layout": 1]
        try JSONSerialization.data(withJSONObject: values).write(to: URL(filePath: path))
        let before = try ModelIdentity(folder: copy.path)
        let embeddings = try ModelIdentity.embeddingVersion(of: copy.path)
        let added = copy.path.appending("vision_tower").appending("model.safetensors").string
        try Data(repeating: 3, count: 1000).write(to: URL(filePath: added))
        #expect(try ModelIdentity(folder: copy.path) == before)
        #expect(try ModelIdentity.embeddingVersion(of: copy.path) != embeddings)
    }

    @Test func changesWithTheBeginningEndAndSizeOfTheWeights() throws {
        var versions: Set<String> = [try ModelIdentity(folder: directory.path).version]
        for (index, size) in [(0, 5_000_000), (4_999_999, 5_000_000), (0, 5_000_001)] {
            var data = Data(repeating: 7, count: size)
            data[index] = 8
            try write(data, to: "model.safetensors")
            versions.insert(try ModelIdentity(folder: directory.path).version)
        }
        #expect(versions.count == 4)
    }

    private func write(_ data: Data, to name: String) throws {
        try data.write(to: URL(fileURLWithPath: directory.path.appending(name).string))
    }
}
