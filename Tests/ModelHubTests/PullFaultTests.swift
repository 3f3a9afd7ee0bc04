import Foundation
import NIOHTTP1
import Synchronization
import TestHub
import TestSupport
import Testing

@testable import ModelHub

/// Whatever a server does, a pull ends in a verified folder or in a clear error that keeps what has
/// come; never in a wrong file in place.
@Suite struct PullFaultTests {
    private static let large = "model-00001-of-00002.safetensors"

    /// Counts the requests for bytes.
    private final class Counter: Sendable {
        private let count = Mutex(0)
        func next() -> Int {
            count.withLock { count in
                defer { count += 1 }
                return count
            }
        }
    }

    @Test func fiftyCutsInMidFileEndInTheWholeModel() async throws {
        let fixture = try PullFixture()
        let generator = Mutex((SeededGenerator(seed: 50), 0))
        fixture.hub.setFault { request, response in
            guard request.host == .storage, response.body.count > 1 else { return }
            generator.withLock { state in
                guard state.1 < 50 else { return }
                state.1 += 1
                let count = Int.random(in: 1..<response.body.count, using: &state.0)
                response.ending = .cut(after: count)
            }
        }
        _ = try await fixture.pull(attempts: 8)
        #expect(generator.withLock { $0.1 } == 50)
        try fixture.expectWhole()
    }

    @Test func connectionThatIsAlwaysCutAtOnceIsAnErrorThatKeepsTheRest() async throws {
        let fixture = try PullFixture()
        fixture.hub.setFault { request, response in
            if request.host == .storage { response.ending = .cut(after: 0) }
        }
        let words = try await fixture.failure()
        #expect(words.contains("4 times in a row") && words.contains("again"), "\(words)")
        fixture.hub.setFault(nil)
        fixture.hub.forgetRequests()
        _ = try await fixture.pull()
        try fixture.expectWhole()
        #expect(
            !fixture.hub.requests.contains {
                $0.wantsBytes && $0.target.contains("/tiny-model/") && $0.target.hasSuffix(".json")
            }, "verified files are kept")
    }

    @Test func wrongBytesAreFetchedAnew() async throws {
        let fixture = try PullFixture()
        let counter = Counter()
        fixture.hub.setFault { request, response in
            guard request.host == .storage, counter.next() == 2 else { return }
            response.body[response.body.startIndex + 7] ^= 1
        }
        _ = try await fixture.pull()
        try fixture.expectWhole()
        #expect(fixture.said.contains { $0.contains("fetching it anew") })
    }

    @Test func bytesThatStayWrongAreAnErrorThatNamesTheFile() async throws {
        let fixture = try PullFixture()
        let digest = TestRepository.digest(
            of: try #require(PullFixture.files[Self.large]), at: Self.large)
        fixture.hub.setFault { request, response in
            guard request.host == .storage, request.target.contains(digest) else { return }
            response.body[response.body.startIndex] ^= 0x80
        }
        let words = try await fixture.failure()
        #expect(words.contains(Self.large) && words.contains("SHA-256"), "\(words)")
        fixture.hub.setFault(nil)
        _ = try await fixture.pull()
        try fixture.expectWhole()
    }

    @Test func smallFilesAreCheckedToo() async throws {
        let fixture = try PullFixture()
        fixture.hub.setFault { request, response in
            guard request.wantsBytes, request.target.hasSuffix("tokenizer.json") else { return }
            response.body[response.body.startIndex] ^= 1
        }
        let words = try await fixture.failure()
        #expect(words.contains("tokenizer.json"), "\(words)")
    }

    @Test(arguments: ["bytes 0-16383/150002", "bytes 1-16384/150001", "bytes */150001", "nonsense"])
    func partThatIsAnotherOrOfAnotherLengthIsRefused(range: String) async throws {
        let fixture = try PullFixture()
        fixture.hub.setFault { request, response in
            guard response.headers.first(name: "Content-Range")?.hasPrefix("bytes 0-") == true,
                response.headers.first(name: "Content-Range")?.hasSuffix("/150001") == true
            else { return }
            response.headers.replaceOrAdd(name: "Content-Range", value: range)
        }
        let words = try await fixture.failure()
        #expect(words.contains("another part or with another length"), "\(words)")
    }

    @Test(arguments: [-1, 1]) func lengthThatIsWrongIsRefused(difference: Int) async throws {
        let fixture = try PullFixture()
        fixture.hub.setFault { request, response in
            guard request.host == .storage else { return }
            let body = response.body + [0]
            response.body = body.prefix(response.body.count + difference)
        }
        let words = try await fixture.failure()
        #expect(words.contains("is announced with"), "\(words)")
    }

    @Test func bodyOfUnannouncedLengthIsCutToWhatWasAskedFor() async throws {
        let fixture = try PullFixture()
        fixture.hub.setFault { request, response in
            guard request.host == .storage else { return }
            response.headers.add(name: "Transfer-Encoding", value: "chunked")
            response.body += [1, 2, 3]
        }
        let words = try await fixture.failure()
        #expect(words.contains("more bytes than it was asked for"), "\(words)")
    }

    @Test func fileThatChangesOnTheHubIsAnErrorThatKeepsWhatHasCome() async throws {
        let fixture = try PullFixture()
        let counter = Counter()
        fixture.hub.setFault { request, response in
            guard request.method == .GET, response.status == .found, counter.next() > 3 else {
                return
            }
            let changed = "\"\(String(repeating: "c", count: 64))\""
            response.headers.replaceOrAdd(name: "X-Linked-ETag", value: changed)
        }
        let words = try await fixture.failure(connections: 1)
        #expect(words.contains("was changed while it was fetched"), "\(words)")
        fixture.hub.setFault(nil)
        fixture.hub.forgetRequests()
        _ = try await fixture.pull()
        try fixture.expectWhole()
        let size = try #require(PullFixture.files[Self.large]).count
        #expect(fixture.hub.sentBytes < size, "four parts of it were kept")
    }

    @Test func commitThatChangesIsAnError() async throws {
        let fixture = try PullFixture()
        fixture.hub.setFault { request, response in
            guard request.wantsBytes, request.host == .hub else { return }
            let other = String(repeating: "9", count: 40)
            response.headers.replaceOrAdd(name: "X-Repo-Commit", value: other)
        }
        let words = try await fixture.failure()
        #expect(words.contains("commit 9999"), "\(words)")
    }

    @Test func fileThatChangesOnTheStorageHostStartsOver() async throws {
        let fixture = try PullFixture()
        let counter = Counter()
        fixture.hub.setFault { request, response in
            guard request.host == .storage, counter.next() == 2 else { return }
            response.headers.replaceOrAdd(name: "ETag", value: "\"other\"")
        }
        _ = try await fixture.pull(connections: 1)
        try fixture.expectWhole()
        #expect(fixture.said.contains { $0.contains("fetching it anew") })
    }

    @Test func serverWithoutRangesIsAnErrorInWords() async throws {
        let fixture = try PullFixture()
        fixture.hub.setFault { request, response in
            guard response.status == .partialContent else { return }
            response.status = .ok
            response.headers.remove(name: "Content-Range")
        }
        let words = try await fixture.failure()
        #expect(words.contains("as a whole where a part was asked for"), "\(words)")
    }

    @Test func codedBodyIsRefused() async throws {
        let fixture = try PullFixture()
        fixture.hub.setFault { request, response in
            if request.wantsBytes { response.headers.add(name: "Content-Encoding", value: "gzip") }
        }
        let words = try await fixture.failure()
        #expect(words.contains("coded as 'gzip'"), "\(words)")
    }
}
