import Foundation
import NIOHTTP1
import Synchronization

/// What a `TestHub` serves and what it was asked; shared with its connections.
final class HubCore: Sendable {
    /// A repository with what is asked of it most often.
    struct Served {
        let repository: TestRepository
        let digests: [String: String]

        init(_ repository: TestRepository) {
            self.repository = repository
            digests = repository.files.reduce(into: [:]) { digests, file in
                digests[file.key] = TestRepository.digest(of: file.value, at: file.key)
            }
        }
    }

    /// All that changes.
    struct State {
        var repositories: [String: Served] = [:]
        var fault: TestHub.Fault?
        var requests: [TestRequest] = []
        var sentBytes = 0
        var hubPort = 0
        var storagePort = 0
    }

    let state = Mutex(State())

    /// Where stored files are.
    var storage: String { "http://127.0.0.1:\(state.withLock { $0.storagePort })" }

    func noteSent(_ bytes: Int) { state.withLock { $0.sentBytes += bytes } }

    /// Answers one request.
    func answer(_ head: HTTPRequestHead, at host: TestRequest.Host) -> TestResponse {
        let (request, fault, repositories) = state.withLock { state in
            let request = TestRequest(
                host: host, method: head.method, target: head.uri, headers: head.headers,
                number: state.requests.count)
            state.requests.append(request)
            return (request, state.fault, state.repositories)
        }
        var response =
            switch host {
            case .hub: hubAnswer(request, repositories)
            case .storage: storageAnswer(request, repositories)
            }
        fault?(request, &response)
        return response
    }

    private func hubAnswer(
        _ request: TestRequest, _ repositories: [String: Served]
    ) -> TestResponse {
        let path = request.target.split(separator: "?")[0]
        let words = path.split(separator: "/").map {
            String($0).removingPercentEncoding ?? String($0)
        }
        if words.count == 6, words[0] == "api", words[1] == "models", words[4] == "revision",
            let repository = repositories["\(words[2])/\(words[3])"]?.repository
        {
            return TestResponse(
                .ok, ["Content-Type": "application/json"], body: repository.listing())
        }
        guard words.count >= 5, words[2] == "resolve",
            let served = repositories["\(words[0])/\(words[1])"],
            case let repository = served.repository,
            words[3] == repository.commit || words[3] == "main",
            let data = repository.files[words[4...].joined(separator: "/")]
        else {
            return TestResponse(.notFound, ["X-Error-Code": "EntryNotFound"])
        }
        let name = words[4...].joined(separator: "/")
        let digest = served.digests[name] ?? ""
        var headers: HTTPHeaders = ["X-Repo-Commit": repository.commit]
        guard TestRepository.isStored(name) else {
            headers.add(name: "ETag", value: "\"\(digest)\"")
            return Self.bytes(of: data, request, headers)
        }
        headers.add(name: "X-Linked-ETag", value: "\"\(digest)\"")
        headers.add(name: "X-Linked-Size", value: "\(data.count)")
        headers.add(name: "Location", value: "\(storage)/blobs/\(digest)?\(TestHub.signature)")
        return TestResponse(.found, headers, body: Data("Found. Redirecting".utf8))
    }

    private func storageAnswer(
        _ request: TestRequest, _ repositories: [String: Served]
    ) -> TestResponse {
        let digest = request.target.split(separator: "?")[0].split(separator: "/").last ?? ""
        for served in repositories.values {
            let found = served.digests.first {
                $0.value == digest && TestRepository.isStored($0.key)
            }
            guard let path = found?.key, let data = served.repository.files[path] else { continue }
            return Self.bytes(of: data, request, ["ETag": "\"storage-\(digest.prefix(8))\""])
        }
        return TestResponse(.notFound)
    }

    private static func bytes(
        of data: Data, _ request: TestRequest, _ headers: HTTPHeaders
    ) -> TestResponse {
        let condition = request.headers.first(name: "If-Range")
        let isSame = condition == nil || condition == headers.first(name: "ETag")
        guard isSame, let range = request.range(of: data.count) else {
            return TestResponse(.ok, headers, body: data)
        }
        var headers = headers
        headers.add(
            name: "Content-Range",
            value: "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(data.count)")
        return TestResponse(.partialContent, headers, body: Data(data[range]))
    }
}
