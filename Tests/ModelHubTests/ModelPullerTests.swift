import Foundation
import SystemPackage
import TestHub
import TestSupport
import Testing

@testable import ModelHub

@Suite struct ModelPullerTests {
    @Test func bringsWhatIsNeededAndNothingElse() async throws {
        let fixture = try PullFixture()
        let result = try await fixture.pull()
        try fixture.expectWhole()
        #expect(!result.wasThere)
        #expect(result.folder == fixture.store.folder.appending(PullFixture.name))
        #expect(
            result.manifest.sources.map(\.repository) == [
                PullFixture.checkpoint, PullFixture.tower,
            ])
        #expect(result.manifest.sources.map(\.commit).map(\.first) == ["1", "2"])
        #expect(Set(result.manifest.files.map(\.path)) == Set(PullFixture.files.keys))
        #expect(Set(fixture.said).isSuperset(of: PullFixture.files.keys))
    }

    @Test func largeFilesComeInPartsAndNoByteTwice() async throws {
        let fixture = try PullFixture()
        _ = try await fixture.pull()
        let size = try #require(PullFixture.files["model-00001-of-00002.safetensors"]).count
        let parts = fixture.hub.requests.filter { $0.host == .storage }.compactMap {
            $0.range(of: size)
        }
        #expect(parts.count >= size / (4 * PullFixture.blockBytes))
        let bytes = PullFixture.files.values.reduce(0) { $0 + $1.count }
        let sent = fixture.hub.requests.filter(\.wantsBytes).count
        // Besides the files come two lists and the hub's words at each redirect.
        #expect(fixture.hub.sentBytes < bytes + 4000 + sent * 20)
    }

    @Test func modelThatIsThereIsNotFetchedAgain() async throws {
        let fixture = try PullFixture()
        _ = try await fixture.pull()
        fixture.hub.forgetRequests()
        let again = try await fixture.pull()
        #expect(again.wasThere)
        #expect(fixture.hub.requests.count == 1)
        try fixture.expectWhole()
    }

    @Test func leftoverOfAPullThatWasKilledAtTheVeryEndGoes() async throws {
        let fixture = try PullFixture()
        _ = try await fixture.pull()
        _ = try PartialFolder(fixture.partial)
        #expect(try await fixture.pull().wasThere)
        try fixture.expectWhole()
    }

    @Test func anotherModelOfThatNameStays() async throws {
        let fixture = try PullFixture()
        _ = try await fixture.pull()
        var changed = PullFixture.checkpointRepository
        changed.commit = String(repeating: "3", count: 40)
        fixture.hub.serve(changed)
        let error = await #expect(throws: HubError.self) { try await fixture.pull() }
        #expect(error?.description.contains("--name") == true)
        #expect(error?.description.contains("333333333333") == true)
        try fixture.expectWhole()
        _ = try await fixture.pull(as: "other")
        try fixture.expectWhole(as: "other")
    }

    @Test func revisionIsAskedFor() async throws {
        let fixture = try PullFixture()
        let result = try await fixture.pull("owner/tiny-model@refs/pr/1")
        #expect(result.manifest.sources.first?.revision == "refs/pr/1")
        #expect(fixture.hub.requests.first?.target.contains("/revision/refs%2Fpr%2F1?") == true)
        let files = fixture.hub.requests.filter { $0.target.contains("/resolve/") }
        #expect(files.allSatisfy { !$0.target.contains("refs") }, "the commit is pinned")
    }

    @Test func towerWithinTheRepositoryIsTakenFromThere() async throws {
        let fixture = try PullFixture()
        let tower = Dictionary(
            uniqueKeysWithValues: PullFixture.towerRepository.files.map { ("eyes/\($0)", $1) })
        var repository = PullFixture.checkpointRepository
        repository.files.merge(tower) { $1 }
        repository.files["config.json"] = Data(#"{"mm_vision_tower": "eyes"}"#.utf8)
        fixture.hub.serve(repository)
        let result = try await fixture.pull()
        #expect(result.manifest.sources.count == 1)
        let paths = result.manifest.files.map(\.path).filter { $0.hasPrefix("eyes/") }
        #expect(
            paths == [
                "eyes/config.json", "eyes/preprocessor_config.json", "eyes/pytorch_model.bin",
            ])
    }

    @Test func towerThatTheCheckpointHoldsIsNotFetchedTwice() async throws {
        let fixture = try PullFixture()
        var repository = PullFixture.checkpointRepository
        repository.files["model.safetensors.index.json"] = Data(
            #"{"weight_map": {"model.vision_tower.x": "model-00001-of-00002.safetensors"}}"#.utf8)
        fixture.hub.serve(repository)
        let paths = try await fixture.pull().manifest.files.map(\.path)
        #expect(paths.contains("tiny-tower/config.json"))
        #expect(!paths.contains("tiny-tower/pytorch_model.bin"))
        #expect(!paths.contains("model-00002-of-00002.safetensors"), "the index does not list it")
    }

    @Test func safetensorsOfTheTowerComeBeforeItsPickle() async throws {
        let fixture = try PullFixture()
        var tower = PullFixture.towerRepository
        tower.files["model.safetensors"] = Data("better".utf8)
        fixture.hub.serve(tower)
        let paths = try await fixture.pull().manifest.files.map(\.path)
        #expect(paths.contains("tiny-tower/model.safetensors"))
        #expect(!paths.contains("tiny-tower/pytorch_model.bin"))
    }

    @Test func emptyFileIsAFile() async throws {
        let fixture = try PullFixture()
        var repository = PullFixture.checkpointRepository
        repository.files["generation_config.json"] = Data()
        fixture.hub.serve(repository)
        _ = try await fixture.pull()
        try fixture.expectWhole(
            PullFixture.files.merging(["generation_config.json": Data()]) { $1 })
    }

    @Test func twoPullsOfOneModelDoNotMeet() async throws {
        let fixture = try PullFixture()
        let other = try PartialFolder(fixture.partial)
        let words = try await fixture.failure()
        #expect(words.contains("another process"))
        withExtendedLifetime(other) {}
    }

    @Test func nameThatLeadsElsewhereIsRefused() async throws {
        let fixture = try PullFixture()
        for name in ["../x", ".hidden", "a/b", "x.partial", ""] {
            await #expect(throws: HubError.self) { try await fixture.pull(as: name) }
        }
        #expect(fixture.hub.requests.isEmpty)
    }
}
