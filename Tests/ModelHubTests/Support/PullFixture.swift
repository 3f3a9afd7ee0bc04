import Foundation
import ModelHub
import Synchronization
import SystemPackage
import TestHub
import TestSupport
import Testing

/// A hub with a small model, and a models folder to fetch it into.
final class PullFixture: Sendable {
    static let checkpoint = "owner/tiny-model"
    static let tower = "openai/tiny-tower"
    static let name = "tiny-model"
    /// Blocks that are small enough for a small model to have many.
    static let blockBytes = 4096

    let hub: TestHub
    let directory: TemporaryDirectory
    private let events = Mutex<[String]>([])

    var store: ModelStore { ModelStore(directory.path.appending("models")) }
    var partial: FilePath { store.folder.appending("\(Self.name).partial") }

    /// The files of the model's folder, by their path in it.
    static let files: [String: Data] = {
        var generator = SeededGenerator(seed: 5)
        func random(_ count: Int) -> Data {
            Data((0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) })
        }
        let index = """
            {"metadata": {"total_size": 1}, "weight_map": {"a": "model-00001-of-00002.safetensors",
            "b": "model-00002-of-00002.safetensors", "c": "model-00001-of-00002.safetensors"}}
            """
        return [
            "config.json": Data(#"{"mm_vision_tower": "openai/tiny-tower"}"#.utf8),
            "generation_config.json": Data("{}".utf8),
            "LICENSE.txt": Data("terms".utf8),
            "tokenizer.json": random(9000),
            "tokenizer_config.json": Data("{ }".utf8),
            "model.safetensors.index.json": Data(index.utf8),
            "model-00001-of-00002.safetensors": random(150_001),
            "model-00002-of-00002.safetensors": random(4 * blockBytes),
            "tiny-tower/config.json": Data("{  }".utf8),
            "tiny-tower/preprocessor_config.json": Data("{   }".utf8),
            "tiny-tower/pytorch_model.bin": random(40_000),
        ]
    }()

    static var checkpointRepository: TestRepository {
        let own = files.filter { !$0.key.contains("/") }
        // What is not needed and must not come.
        let others = ["README.md": Data("read me".utf8), "training_args.bin": Data("x".utf8)]
        return TestRepository(checkpoint, files: own.merging(others) { $1 })
    }

    static var towerRepository: TestRepository {
        let own = files.filter { $0.key.hasPrefix("tiny-tower/") }
            .map { (String($0.key.dropFirst("tiny-tower/".count)), $0.value) }
        return TestRepository(
            tower, commit: String(repeating: "2", count: 40),
            files: Dictionary(uniqueKeysWithValues: own).merging(["tf_model.h5": Data()]) { $1 })
    }

    init() throws {
        hub = try TestHub(Self.checkpointRepository, Self.towerRepository)
        directory = try TemporaryDirectory()
    }

    /// The variables of a person who has this hub and an empty cache.
    func variables(_ more: [String: String] = [:]) -> [String: String] {
        [
            "HF_ENDPOINT": hub.endpoint, "HOME": directory.path.string,
            "HF_HOME": directory.path.appending("hf").string, "HF_HUB_DOWNLOAD_TIMEOUT": "20",
        ].merging(more) { $1 }
    }

    /// Fetches the model, patiently but without long pauses.
    func pull(
        _ repository: String = PullFixture.checkpoint, as name: String = PullFixture.name,
        variables: [String: String] = [:], attempts: Int = 4, connections: Int = 3
    ) async throws -> ModelPuller.Result {
        let repository = try #require(RepositoryName(repository))
        let puller = ModelPuller(
            into: store, environment: try HubEnvironment(self.variables(variables)),
            settings: PullSettings(
                connections: connections, blockBytes: Self.blockBytes,
                segmentBytes: 4 * Self.blockBytes,
                retry: RetryPolicy(
                    attempts: attempts, firstPause: .milliseconds(1),
                    longestPause: .milliseconds(4), longestRequestedPause: .seconds(5))))
        return try await onThread {
            try puller.pull(repository, as: name) { event in
                switch event {
                case .step(let text), .notice(let text), .verified(let text):
                    self.events.withLock { $0.append(text) }
                case .progress: break
                }
            }
        }
    }

    /// Everything that pulls have said so far.
    var said: [String] { events.withLock { $0 } }

    /// Fetches the model, which has to fail.
    ///
    /// - Returns: The error's words.
    func failure(
        variables: [String: String] = [:], attempts: Int = 4, connections: Int = 3,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> String {
        let error = await #expect(throws: HubError.self, sourceLocation: sourceLocation) {
            try await self.pull(
                variables: variables, attempts: attempts, connections: connections)
        }
        // Never a wrong file in place: there is no model at all.
        #expect(store.entry(Self.name)?.model == nil, sourceLocation: sourceLocation)
        return try #require(error, sourceLocation: sourceLocation).description
    }

    /// Holds that the model is in place, byte for byte, and nothing else is.
    func expectWhole(
        _ expected: [String: Data] = PullFixture.files, as name: String = PullFixture.name,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let folder = store.folder.appending(name)
        let found = Self.contents(of: folder)
        #expect(
            Set(found.keys) == Set(expected.keys).union([SourceManifest.fileName]),
            sourceLocation: sourceLocation)
        for (path, data) in expected {
            #expect(found[path] == data, "\(path)", sourceLocation: sourceLocation)
        }
        let manifest = try #require(try SourceManifest(in: folder), sourceLocation: sourceLocation)
        #expect(
            FolderVerification.faults(in: folder, against: manifest).isEmpty,
            sourceLocation: sourceLocation)
        #expect(store.entry(name)?.partial == nil, sourceLocation: sourceLocation)
    }

    /// All files below a folder, by their path in it.
    static func contents(of folder: FilePath) -> [String: Data] {
        let names = FileManager.default.enumerator(atPath: folder.string)?.allObjects ?? []
        return names.compactMap { $0 as? String }.reduce(into: [:]) { found, name in
            let url = URL(fileURLWithPath: folder.appending(name).string)
            if let data = try? Data(contentsOf: url) { found[name] = data }
        }
    }
}
