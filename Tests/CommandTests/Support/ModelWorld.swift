import Foundation
import SystemPackage
import TestHub
import TestSupport

/// A sandbox that chooses no model, with a hub that serves the bundled one for drawings under the released checkpoint's name.
struct ModelWorld {
    static let released = "ICTNLP/llava-mini-llama-3.1-8b"
    static let name = "llava-mini-llama-3.1-8b"

    let hub: TestHub
    let sandbox: Sandbox

    var models: FilePath { sandbox.path.appending("data/vignette/models") }
    var model: FilePath { models.appending(Self.name) }
    var partial: FilePath { models.appending("\(Self.name).partial") }

    /// Starts the hub; `settings` are further environment variables.
    init(_ settings: [String: String] = [:]) throws {
        hub = try TestHub(try Self.bundledRepository())
        sandbox = try Sandbox(
            [
                "HF_ENDPOINT": hub.endpoint, "HF_HUB_DOWNLOAD_TIMEOUT": "60", "VIGNETTE_MODEL": "",
            ].merging(settings) { $1 })
    }

    /// The bundled model for drawings as a repository.
    static func bundledRepository() throws -> TestRepository {
        let folder = BuildProducts.checkout.appending("Models/demo")
        var files: [String: Data] = [:]
        for entry in FileTree.walk(folder) where entry.type == S_IFREG {
            let name = entry.path.string.dropFirst(folder.string.count + 1)
            files[String(name)] = try Data(exactly: entry.path)
        }
        return TestRepository(released, files: files)
    }

    /// A repository of a model whose shards have many blocks, and that is none inside.
    static func largeRepository(shards: Int = 3, shardBytes: Int = 5_000_000) throws
        -> TestRepository
    {
        var generator = SeededGenerator(seed: 99)
        var files = try bundledRepository().files
        files = files.filter { !$0.key.hasPrefix("model") }
        var map: [String: String] = [:]
        for shard in 1...shards {
            let name = "model-0000\(shard)-of-0000\(shards).safetensors"
            var data = Data(capacity: shardBytes)
            // No two blocks are equal: one in another's place would be noticed.
            while data.count < shardBytes {
                let value = UInt64.random(in: .min ... .max, using: &generator)
                data.append(contentsOf: withUnsafeBytes(of: value, Array.init))
                data.append(Data(repeating: UInt8(truncatingIfNeeded: value), count: 4096))
            }
            files[name] = data.prefix(shardBytes)
            map["tensor\(shard)"] = name
        }
        files["model.safetensors.index.json"] = try JSONSerialization.data(
            withJSONObject: ["weight_map": map])
        return TestRepository("owner/large", files: files)
    }

    /// Runs `vignette model …` to its end.
    func run(
        _ arguments: ProgramArgument..., settings: [String: String] = [:]
    ) async throws -> ProgramResult {
        try await sandbox.run(plainly: ["model"] + arguments, settings: settings)
    }

    /// Starts `vignette model …`.
    func start(_ arguments: ProgramArgument...) throws -> RunningProgram {
        try RunningProgram(sandbox.launch(["model"] + arguments))
    }
}
