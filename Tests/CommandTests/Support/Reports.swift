import Foundation
import SystemPackage
import TestSupport

/// What `status --json` says.
struct StatusReport: Decodable {
    struct Root: Decodable {
        var path: ReportedPath
        var state: String
        var reason: String?
        var files: Int
        var described: Int
        var queued: Int
        var failed: Int
        var missing: Int
    }

    struct Model: Decodable {
        var model: String
        var described: Int
    }

    struct Sidecars: Decodable {
        var path: ReportedPath
        var state: String
    }

    var roots: [Root]
    var sidecars: Sidecars?
    var models: [Model]
    var files: Int
    var described: Int
    var queued: Int
    var failed: Int
    var missing: Int
    var catalogue: ReportedPath
    var bytes: Int
    var daemon: Int32?
    var older: Int?

    /// Whether nothing is left to do and nothing waits for its grace to end.
    var isAtRest: Bool { queued == 0 && missing == 0 && described + failed == files }
}

/// What `show --json` says.
struct ShownFile: Decodable, Equatable {
    struct Description: Decodable, Equatable {
        var source: String
        var model: String?
        var prompt: String
        var text: String
        var start: Double?
        var end: Double?
    }

    var path: ReportedPath
    var root: ReportedPath
    var state: String
    var attempts: Int
    var error: String?
    var kind: String?
    var width: Int?
    var height: Int?
    var duration: Double?
    var takenAt: String?
    var camera: String?
    var latitude: Double?
    var longitude: Double?
    var incomplete: Bool
    var sidecar: ReportedPath?
    var partners: [ReportedPath]
    var rating: Int?
    var caption: String?
    var captionSource: String?
    var descriptions: [Description]
    var tags: [String]
    var tagSources: [[String]]
    var tagProbabilities: [Double?]
    var tokens: Int
}

/// What `search --json` says of each picture that it found.
struct FoundPicture: Decodable {
    var path: ReportedPath
    var paths: [ReportedPath]
    var title: String?
    var caption: String?
    var captionSource: String?
    var tags: [String]
    var tagSources: [[String]]
    var tagProbabilities: [Double?]
    var rating: Int?
    var incomplete: Bool
    var kind: String
    var takenAt: String?
    var cursor: String
}

/// What `caption --json` says of each file.
struct CaptionedFile: Decodable {
    struct Caption: Decodable {
        var text: String
        var start: Double?
        var end: Double?
    }

    var path: ReportedPath
    var caption: String
    var tags: [String]
    var tagProbabilities: [Double?]
    var captions: [Caption]
    var model: String
    var tokenDimension: Int
    var tokens: Int
}

/// What `tags --json` says of each tag.
struct CountedTag: Decodable {
    var tag: String
    var written: String?
    var count: Int
    var sidecar: Int
}

/// A path in JSON: text, or the exact bytes where they are no UTF-8.
struct ReportedPath: Decodable, Equatable {
    var path: FilePath

    private struct Exact: Decodable {
        var base64: Data
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let text = try? container.decode(String.self) {
            path = FilePath(text)
        } else {
            let bytes = try container.decode(Exact.self).base64
            path = FilePath(platformString: bytes.map { CChar(bitPattern: $0) } + [0])
        }
    }
}

extension ProgramResult {
    /// One value for each line of standard output.
    func decoded<Value: Decodable>(_ type: Value.Type) throws -> [Value] {
        let decoder = JSONDecoder()
        return try lines.map { try decoder.decode(type, from: Data($0.utf8)) }
    }
}

extension Sandbox {
    /// What `status` says now.
    func status() async throws -> StatusReport {
        let result = try await run("status", "--json")
        guard let report = try result.decoded(StatusReport.self).first, result.status == 0 else {
            throw NeverHappened(description: "a status: \(result)")
        }
        return report
    }

    /// What `show` says of a file now; `nil` if it does not know it.
    func show(_ file: FilePath) async throws -> ShownFile? {
        let result = try await run("show", "--json", ProgramArgument(file))
        return try result.decoded(ShownFile.self).first
    }
}
