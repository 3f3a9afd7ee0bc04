import Foundation
import Synchronization
import SystemPackage
import TestHub
import TestSupport
import Testing

@testable import ModelHub

/// What a pull that ended too early leaves, and what the next one makes of it.
@Suite struct PullResumeTests {
    private static let large = "model-00001-of-00002.safetensors"

    /// Blocks of the large file that a partial download has noted.
    private static func notedBlocks(_ fixture: PullFixture) throws -> Set<Int> {
        let journal = fixture.partial.appending("journals/\(large)")
        let text = try String(contentsOfFile: journal.string, encoding: .utf8)
        return Set(
            text.split(separator: "\n").dropFirst().compactMap {
                $0.split(separator: " ").first.flatMap { Int($0) }
            })
    }

    /// Parts of the large file that were asked for.
    private static func askedFor(_ fixture: PullFixture) throws -> [Range<Int>] {
        let data = try #require(PullFixture.files[large])
        let digest = TestRepository.digest(of: data, at: large)
        return fixture.hub.requests.filter { $0.host == .storage && $0.target.contains(digest) }
            .map { $0.range(of: data.count) ?? 0..<data.count }
    }

    /// Ends a pull in the middle of the large file, at a place that depends on the seed.
    private static func interrupt(_ fixture: PullFixture, seed: UInt64) async throws {
        let generator = Mutex((SeededGenerator(seed: seed), 0))
        let limit = 20_000 + Int(seed) * 13_337 % 100_000
        fixture.hub.setFault { request, response in
            guard request.host == .storage else { return }
            generator.withLock { state in
                state.1 += response.body.count
                guard state.1 > limit else { return }
                response.ending = .cut(
                    after: Int.random(in: 0..<max(1, response.body.count), using: &state.0))
                if state.1 > 2 * limit { response.ending = .cut(after: 0) }
            }
        }
        _ = try await fixture.failure(attempts: 2)
        fixture.hub.setFault(nil)
        fixture.hub.forgetRequests()
    }

    @Test(arguments: 1...6) func blocksThatHaveComeAreNotFetchedAgain(seed: UInt64) async throws {
        let fixture = try PullFixture()
        try await Self.interrupt(fixture, seed: seed)
        let noted = try Self.notedBlocks(fixture)
        _ = try await fixture.pull()
        try fixture.expectWhole()
        for range in try Self.askedFor(fixture) {
            let blocks =
                range.lowerBound
                / PullFixture.blockBytes..<(range.upperBound + PullFixture.blockBytes - 1)
                / PullFixture.blockBytes
            #expect(noted.isDisjoint(with: blocks), "seed \(seed): \(range) was noted")
        }
    }

    @Test func blockThatTheDiskLostIsFetchedAgain() async throws {
        let fixture = try PullFixture()
        try await Self.interrupt(fixture, seed: 3)
        let noted = try Self.notedBlocks(fixture)
        let block = try #require(noted.min())
        let data = fixture.partial.appending("unfinished/\(Self.large)")
        try OpenFile(writing: data).write(
            [UInt8](repeating: 0, count: 100), at: Int64(block * PullFixture.blockBytes + 5))
        _ = try await fixture.pull()
        try fixture.expectWhole()
        let start = block * PullFixture.blockBytes
        #expect(try Self.askedFor(fixture).contains { $0.contains(start) })
    }

    @Test func verifiedFileThatTheDiskDamagedIsFetchedAgain() async throws {
        let fixture = try PullFixture()
        try await Self.interrupt(fixture, seed: 1)
        let file = fixture.partial.appending("contents/tokenizer.json")
        try OpenFile(writing: file).write([1, 2, 3], at: 4000)
        _ = try await fixture.pull()
        try fixture.expectWhole()
    }

    @Test func branchThatMovedMeanwhileKeepsWhatIsTheSame() async throws {
        let fixture = try PullFixture()
        try await Self.interrupt(fixture, seed: 5)
        let noted = try Self.notedBlocks(fixture)
        var moved = PullFixture.checkpointRepository
        moved.commit = String(repeating: "4", count: 40)
        moved.files["tokenizer_config.json"] = Data("{\"new\": 1}".utf8)
        moved.files["generation_config.json"] = nil
        fixture.hub.serve(moved)
        _ = try await fixture.pull()
        var expected = PullFixture.files
        expected["tokenizer_config.json"] = Data("{\"new\": 1}".utf8)
        expected["generation_config.json"] = nil
        try fixture.expectWhole(expected)
        let bytes = try Self.askedFor(fixture).reduce(0) { $0 + $1.count }
        let size = try #require(PullFixture.files[Self.large]).count
        #expect(bytes <= size - (noted.count - 1) * PullFixture.blockBytes)
    }

    @Test func fileThatChangedMeanwhileIsFetchedWhole() async throws {
        let fixture = try PullFixture()
        try await Self.interrupt(fixture, seed: 2)
        var moved = PullFixture.checkpointRepository
        moved.commit = String(repeating: "4", count: 40)
        let other = Data(try #require(PullFixture.files[Self.large]).reversed())
        moved.files[Self.large] = other
        fixture.hub.serve(moved)
        _ = try await fixture.pull()
        try fixture.expectWhole(PullFixture.files.merging([Self.large: other]) { $1 })
    }

    @Test func partialDownloadIsNoModelAndCanBeRemoved() async throws {
        let fixture = try PullFixture()
        try await Self.interrupt(fixture, seed: 4)
        let entry = try #require(fixture.store.entry(PullFixture.name))
        #expect(entry.model == nil && entry.partial == fixture.partial)
        #expect(
            !FileManager.default.fileExists(atPath: fixture.partial.appending("config.json").string)
        )
        #expect(try fixture.store.remove(PullFixture.name) > 0)
        #expect(try fixture.store.entries().isEmpty)
    }
}
