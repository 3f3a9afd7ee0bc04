import Foundation
import SystemPackage
import TestHub
import TestSupport
import Testing

@testable import ModelHub

/// The hub's own cache on this machine, and `--offline`.
@Suite struct PullCacheTests {
    /// Writes a repository as the hub's own programs keep it.
    private static func cache(
        _ repository: TestRepository, in folder: FilePath, except left: Set<String> = []
    ) throws {
        let manager = FileManager.default
        let name = repository.name.replacing("/", with: "--")
        let root = folder.appending("hf/hub/models--\(name)")
        let snapshot = root.appending("snapshots/\(repository.commit)")
        for path in [root.appending("refs"), root.appending("blobs"), snapshot] {
            try manager.createDirectory(atPath: path.string, withIntermediateDirectories: true)
        }
        try Data(repository.commit.utf8).write(
            to: URL(fileURLWithPath: root.appending("refs/main").string))
        for (path, data) in repository.files where !left.contains(path) {
            let digest = TestRepository.digest(of: data, at: path)
            try data.write(to: URL(fileURLWithPath: root.appending("blobs/\(digest)").string))
            let link = snapshot.pushing(FilePath(path))
            try manager.createSymbolicLink(
                atPath: link.string, withDestinationPath: "../../blobs/\(digest)")
        }
    }

    @Test func filesOfTheCacheAreNotFetched() async throws {
        let fixture = try PullFixture()
        try Self.cache(
            PullFixture.checkpointRepository, in: fixture.directory.path,
            except: ["tokenizer.json"])
        _ = try await fixture.pull()
        try fixture.expectWhole()
        let fetched = fixture.hub.requests.filter { $0.wantsBytes && $0.target.contains("owner") }
        #expect(fetched.count == 1 && fetched[0].target.hasSuffix("tokenizer.json"))
    }

    @Test func damagedFileOfTheCacheIsFetched() async throws {
        let fixture = try PullFixture()
        try Self.cache(PullFixture.checkpointRepository, in: fixture.directory.path)
        let name = "model-00002-of-00002.safetensors"
        let data = try #require(PullFixture.files[name])
        let blob = fixture.directory.path.appending("hf/hub/models--owner--tiny-model/blobs")
            .appending(TestRepository.digest(of: data, at: name))
        try OpenFile(writing: blob).write([0, 0, 0, 0, 0, 0, 0, 0], at: 99)
        _ = try await fixture.pull()
        try fixture.expectWhole()
        #expect(fixture.said.contains { $0.contains("damaged in the cache") })
    }

    @Test func offlineTakesEverythingFromTheCache() async throws {
        let fixture = try PullFixture()
        try Self.cache(PullFixture.checkpointRepository, in: fixture.directory.path)
        try Self.cache(PullFixture.towerRepository, in: fixture.directory.path)
        let result = try await fixture.pull(variables: ["HF_HUB_OFFLINE": "1"])
        try fixture.expectWhole()
        #expect(fixture.hub.requests.isEmpty)
        #expect(result.manifest.sources.map(\.commit.first) == ["1", "2"])
    }

    @Test func offlineWithoutTheCacheIsAnError() async throws {
        let fixture = try PullFixture()
        let words = try await fixture.failure(variables: ["HF_HUB_OFFLINE": "1"])
        #expect(words.contains("not in the hub's cache") && words.contains("--offline"), "\(words)")
        #expect(fixture.hub.requests.isEmpty)
    }

    @Test func offlineWithADamagedCacheIsAnError() async throws {
        let fixture = try PullFixture()
        try Self.cache(PullFixture.checkpointRepository, in: fixture.directory.path)
        try Self.cache(PullFixture.towerRepository, in: fixture.directory.path)
        let data = try #require(PullFixture.files["tokenizer.json"])
        let blob = fixture.directory.path.appending("hf/hub/models--owner--tiny-model/blobs")
            .appending(TestRepository.digest(of: data, at: "tokenizer.json"))
        try OpenFile(writing: blob).write([0, 0, 0, 0, 0, 0, 0, 0], at: 99)
        let words = try await fixture.failure(variables: ["HF_HUB_OFFLINE": "1"])
        #expect(words.contains("tokenizer.json"), "\(words)")
    }

    @Test func proxyLeadsToTheHubAndNoProxyLeadsPastIt() async throws {
        let proxy = try TestProxy()
        let fixture = try PullFixture()
        let url = "http://user:word@\(proxy.address)"
        _ = try await fixture.pull(variables: ["HTTP_PROXY": url])
        try fixture.expectWhole()
        #expect(!proxy.requests.isEmpty)
        let authorization = "Basic \(Data("user:word".utf8).base64EncodedString())"
        #expect(proxy.requests.allSatisfy { $0.contains(authorization) })

        let before = proxy.requests.count
        _ = try fixture.store.remove(PullFixture.name)
        _ = try await fixture.pull(variables: ["HTTP_PROXY": url, "NO_PROXY": "127.0.0.1"])
        #expect(proxy.requests.count == before)
    }
}
