import Foundation
import NIOHTTP1
import Synchronization
import TestHub
import TestSupport
import Testing

@testable import ModelHub

/// Servers that are busy, broken, silent or in a circle.
@Suite struct PullPatienceTests {
    @Test func pauseThatTheServerAsksForIsKept() async throws {
        let fixture = try PullFixture()
        let isFirst = Mutex(true)
        fixture.hub.setFault { request, response in
            guard request.host == .storage, isFirst.withLock({ $0 }) else { return }
            isFirst.withLock { $0 = false }
            response = TestResponse(.tooManyRequests, ["Retry-After": "1"])
        }
        let start = ContinuousClock.now
        _ = try await fixture.pull(connections: 1)
        // The least that was asked for; how much more it takes is not our matter.
        #expect(ContinuousClock.now - start >= .seconds(1))
        #expect(fixture.said.contains { $0.contains("asks for a pause") })
        try fixture.expectWhole()
    }

    @Test func pauseThatIsTooLongIsAnErrorThatSaysHowLong() async throws {
        let fixture = try PullFixture()
        fixture.hub.setFault { _, response in
            response = TestResponse(.tooManyRequests, ["Retry-After": "7200"])
        }
        let words = try await fixture.failure()
        #expect(words.contains("121 minutes"), "\(words)")
    }

    @Test(arguments: [500, 502, 503, 504, 408, 429]) func errorsOfTheServerPass(
        code: Int
    ) async throws {
        let fixture = try PullFixture()
        let generator = Mutex(SeededGenerator(seed: UInt64(code)))
        fixture.hub.setFault { _, response in
            guard generator.withLock({ Bool.random(using: &$0) }) else { return }
            response = TestResponse(HTTPResponseStatus(statusCode: code))
        }
        _ = try await fixture.pull(attempts: 30)
        try fixture.expectWhole()
    }

    @Test func errorsThatDoNotPassEndAfterTheAttempts() async throws {
        let fixture = try PullFixture()
        fixture.hub.setFault { _, response in response = TestResponse(.internalServerError) }
        let words = try await fixture.failure(attempts: 5)
        #expect(words.contains("status 500") && words.contains("5 times"), "\(words)")
        #expect(fixture.hub.requests.count == 5)
    }

    @Test func circleOfRedirectsIsAnErrorAfterAFew() async throws {
        let fixture = try PullFixture()
        fixture.hub.setFault { request, response in
            guard request.wantsBytes else { return }
            response = TestResponse(.found, ["Location": request.target])
        }
        let words = try await fixture.failure(connections: 1)
        #expect(words.contains("redirects"), "\(words)")
        #expect(fixture.hub.requests.filter(\.wantsBytes).count < 12)
    }

    @Test(arguments: [
        "file:///etc/passwd", "ftp://127.0.0.1/x", "http://", "http://u:p@127.0.0.1/",
    ])
    func redirectThatLeadsNowhereIsRefused(location: String) async throws {
        let fixture = try PullFixture()
        fixture.hub.setFault { request, response in
            guard request.wantsBytes else { return }
            response = TestResponse(.found, ["Location": location])
        }
        let words = try await fixture.failure()
        #expect(words.contains("redirects to nowhere"), "\(words)")
    }

    @Test func silenceIsACutConnection() async throws {
        let fixture = try PullFixture()
        let stalls = Mutex(2)
        fixture.hub.setFault { request, response in
            guard request.host == .storage else { return }
            stalls.withLock { stalls in
                guard stalls > 0 else { return }
                stalls -= 1
                response.ending = .stalled(after: 1000)
            }
        }
        _ = try await fixture.pull(variables: ["HF_HUB_DOWNLOAD_TIMEOUT": "2"], attempts: 8)
        try fixture.expectWhole()
        #expect(fixture.said.contains { $0.contains("sent nothing for") })
    }

    @Test func silenceFromTheStartEndsAfterTheAttempts() async throws {
        let fixture = try PullFixture()
        fixture.hub.setFault { _, response in response.ending = .stalled(after: 0) }
        let words = try await fixture.failure(
            variables: ["HF_HUB_DOWNLOAD_TIMEOUT": "0.2"], attempts: 2)
        #expect(words.contains("sent nothing for") && words.contains("2 times"), "\(words)")
    }

    @Test func hubThatIsNotThereIsAnErrorWithAdvice() async throws {
        let fixture = try PullFixture()
        let words = try await fixture.failure(
            variables: ["HF_ENDPOINT": "http://127.0.0.1:1"], attempts: 2)
        #expect(words.contains("HF_ENDPOINT"), "\(words)")
    }

    @Test(arguments: [
        (401, "HF_TOKEN"), (403, "HF_TOKEN"), (404, "Check the name"), (418, "status 418"),
    ]) func refusalIsFinalAndSaysWhatToDo(code: Int, advice: String) async throws {
        let fixture = try PullFixture()
        fixture.hub.setFault { _, response in
            response = TestResponse(
                HTTPResponseStatus(statusCode: code), ["X-Error-Message": "no entry"])
        }
        let words = try await fixture.failure()
        #expect(words.contains(advice), "\(words)")
        #expect(words.contains(": no entry"), "\(words)")
        #expect(fixture.hub.requests.count == 1)
    }

    @Test func addressOfTheStorageHostThatExpiredIsAskedForAnew() async throws {
        let fixture = try PullFixture()
        let isFirst = Mutex(true)
        fixture.hub.setFault { request, response in
            guard request.host == .storage, isFirst.withLock({ $0 }) else { return }
            isFirst.withLock { $0 = false }
            response = TestResponse(.forbidden)
        }
        _ = try await fixture.pull()
        try fixture.expectWhole()
    }
}
