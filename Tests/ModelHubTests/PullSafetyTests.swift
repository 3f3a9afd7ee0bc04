import Foundation
import NIOHTTP1
import TestHub
import TestSupport
import Testing

@testable import ModelHub

/// Servers that lie about names and sizes, and what may be told to whom.
@Suite struct PullSafetyTests {
    @Test(arguments: [
        "../evil", "a/../../evil", "/etc/evil", "..\\evil", "a//b", "", "a\u{0}b", "C:\\evil",
        "nul",
    ]) func nameThatClimbsOutOfTheFolderIsRefusedBeforeAnythingIsFetched(
        name: String
    ) async throws {
        let fixture = try PullFixture()
        var repository = PullFixture.checkpointRepository
        repository.files[name] = Data("evil".utf8)
        fixture.hub.serve(repository)
        let words = try await fixture.failure()
        #expect(words.contains("could lead out of its folder"), "\(words)")
        #expect(fixture.hub.requests.count == 1)
        #expect(FileTree.walk(fixture.directory.path).isEmpty)
    }

    @Test(arguments: [
        "../evil.safetensors", "/etc/passwd", "sub/x.safetensors", "absent.safetensors",
    ])
    func shardThatLeadsElsewhereIsRefused(shard: String) async throws {
        let fixture = try PullFixture()
        var repository = PullFixture.checkpointRepository
        repository.files["model.safetensors.index.json"] = try JSONSerialization.data(
            withJSONObject: ["weight_map": ["a": shard]])
        repository.files["sub/x.safetensors"] = Data("x".utf8)
        fixture.hub.serve(repository)
        let words = try await fixture.failure()
        #expect(words.contains("has no shard"), "\(words)")
    }

    @Test(arguments: [
        #"{"mm_vision_tower": "../../etc"}"#, #"{"mm_vision_tower": "/etc"}"#,
        #"{"mm_vision_tower": 7}"#, "{}", "no JSON", "", #"{"mm_vision_tower": "a/b/c"}"#,
    ]) func configurationWithoutAUsableTowerIsAnError(json: String) async throws {
        let fixture = try PullFixture()
        var repository = PullFixture.checkpointRepository
        repository.files["config.json"] = Data(json.utf8)
        fixture.hub.serve(repository)
        let words = try await fixture.failure()
        #expect(words.contains("owner/tiny-model"), "\(words)")
    }

    @Test(arguments: ["config.json", "tokenizer.json", "model.safetensors.index.json"])
    func repositoryThatLacksWhatIsNeededIsAnErrorThatNamesIt(name: String) async throws {
        let fixture = try PullFixture()
        var repository = PullFixture.checkpointRepository
        repository.files[name] = nil
        fixture.hub.serve(repository)
        let words = try await fixture.failure()
        #expect(words.contains("lacks") && words.contains(name), "\(words)")
    }

    @Test func listThatNeverEndsIsRefused() async throws {
        let fixture = try PullFixture()
        fixture.hub.setFault { _, response in
            response.body = Data(repeating: UInt8(ascii: " "), count: 17 << 20)
        }
        let words = try await fixture.failure()
        #expect(words.contains("more than 16777216 bytes"), "\(words)")
    }

    @Test(arguments: ["[]", "{}", "<html>", "", "{\"sha\":\"main\",\"siblings\":[]}", "[[[[[[["])
    func listThatIsNoneIsRefused(json: String) async throws {
        let fixture = try PullFixture()
        fixture.hub.setFault { _, response in response.body = Data(json.utf8) }
        let words = try await fixture.failure()
        #expect(words.contains("did not answer with"), "\(words)")
    }

    @Test func sizeThatIsAbsurdIsRefused() async throws {
        let fixture = try PullFixture()
        fixture.hub.setFault { request, response in
            Self.forgetListedSizes(&response)
            guard request.method == .HEAD, request.target.hasSuffix("tokenizer.json") else {
                return
            }
            response.headers.replaceOrAdd(name: "X-Linked-Size", value: "9000000000000")
        }
        let words = try await fixture.failure()
        #expect(words.contains("tokenizer.json") && words.contains("absurd"), "\(words)")
    }

    @Test func sizesThatDoNotFitTheDiskAreAnErrorBeforeTheDownload() async throws {
        let fixture = try PullFixture()
        fixture.hub.setFault { request, response in
            Self.forgetListedSizes(&response)
            guard request.method == .HEAD, request.target.hasSuffix(".safetensors") else { return }
            response.headers.replaceOrAdd(name: "X-Linked-Size", value: "\(1 << 41)")
        }
        let words = try await fixture.failure()
        #expect(words.contains("has room for") && words.contains("Make room"), "\(words)")
        #expect(!fixture.hub.requests.contains { $0.host == .storage })
    }

    @Test func listAndFileThatContradictEachOtherAreAnError() async throws {
        let fixture = try PullFixture()
        fixture.hub.setFault { request, response in
            guard request.method == .HEAD else { return }
            let other = "\"\(String(repeating: "d", count: 40))\""
            response.headers.replaceOrAdd(name: "ETag", value: other)
        }
        let words = try await fixture.failure()
        #expect(words.contains("listed with another digest"), "\(words)")
    }

    @Test func fileWithoutADigestIsAnError() async throws {
        let fixture = try PullFixture()
        fixture.hub.setFault { request, response in
            Self.forgetListedSizes(&response)
            response.headers.remove(name: "ETag")
        }
        let words = try await fixture.failure()
        #expect(words.contains("without a digest"), "\(words)")
    }

    @Test func tokenGoesToTheHubAlone() async throws {
        let fixture = try PullFixture()
        _ = try await fixture.pull(variables: ["HF_TOKEN": "hf_secret"])
        for request in fixture.hub.requests {
            let authorization = request.headers["Authorization"]
            #expect(authorization == (request.host == .hub ? ["Bearer hf_secret"] : []))
            #expect(request.headers["Accept-Encoding"] == ["identity"])
        }
        #expect(fixture.hub.requests.contains { $0.host == .storage })
        #expect(!fixture.said.contains { $0.contains("secret") })
    }

    @Test func signaturesOfAddressesComeBackAsTheyAre() async throws {
        let fixture = try PullFixture()
        _ = try await fixture.pull()
        for request in fixture.hub.requests where request.host == .storage {
            #expect(request.target.hasSuffix("?\(TestHub.signature)"), "\(request.target)")
        }
    }

    @Test func signaturesOfAddressesAreNotSaid() async throws {
        let fixture = try PullFixture()
        fixture.hub.setFault { request, response in
            if request.host == .storage { response = TestResponse(.imATeapot) }
        }
        let words = try await fixture.failure()
        #expect(words.contains("status 418") && !words.contains("secret"), "\(words)")
    }

    /// A list as some mirrors have it: names alone.
    @Sendable private static func forgetListedSizes(_ response: inout TestResponse) {
        guard var object = try? JSONSerialization.jsonObject(with: response.body) as? [String: Any],
            let siblings = object["siblings"] as? [[String: Any]]
        else { return }
        object["siblings"] = siblings.map { ["rfilename": $0["rfilename"] ?? ""] }
        response.body = (try? JSONSerialization.data(withJSONObject: object)) ?? Data()
    }
}
