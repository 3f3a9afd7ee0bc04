import Catalogue
import Daemon
import Digests
import Foundation
import NIOHTTP1

/// Which address is answered by what.
extension Site {
    func route(_ request: WebRequest) throws -> WebAnswer {
        let path = request.path
        switch (request.method, path.first, path.count) {
        case (.POST, "sign-in", 1): return .ready(signIn.byPassword(request))
        case (.POST, "sign-out", 1): return .ready(signOut(request))
        case (.POST, "retry", 1): return .ready(try retry())
        case (.POST, "duplicates", 1): return .ready(lookForDuplicates())
        case (.POST, "pictures", 4) where path[2] == "ask" && path[3] == "stop":
            if let asset = Int64(path[1]) { return .ready(stopAsking(asset)) }
        case (.POST, "pictures", 3): if let answer = try change(request) { return .ready(answer) }
        case (.POST, _, _): break
        case (_, "open", 1): return .ready(signIn.byToken(request))
        case (_, PageResource.folderName, 3): return .ready(PageResource.respond(path))
        case (_, nil, 0): return .ready(try timeline(request))
        case (_, "months", 1): return .ready(try months(request))
        case (_, "search", 1): return .ready(try search(request))
        case (_, "suggestions", 1): return .ready(try suggestions(request))
        case (_, "browse", 1): return .ready(try browse(request))
        case (_, "browse", 2): if let answer = try all(request) { return .ready(answer) }
        case (_, "duplicates", 1): return .ready(try duplicates(request))
        case (_, "duplicates", 2) where path[1] == "news": return .ready(duplicatesNews())
        case (_, "status", 1): return .ready(try status(request))
        case (_, "status", 2) where path[1] == "news": return .ready(statusNews())
        case (_, "metrics", 1): return .ready(try metrics())
        case (_, "pictures", 3) where path[2] == "attention":
            if let asset = Int64(path[1]), let answer = try attention(asset, request) {
                return answer
            }
        case (_, "pictures", 3) where path[2] == "ask":
            if let asset = Int64(path[1]), let answer = try ask(asset, request) { return answer }
        case (_, "pictures", 2...): if let answer = try picture(request) { return .ready(answer) }
        case (_, "clips", 2): if let answer = try clip(request) { return .ready(answer) }
        case (_, "thumbnails", 3): if let answer = try thumbnail(request) { return answer }
        default: break
        }
        return .ready(notFound(request))
    }

    func notFound(_ request: WebRequest) -> WebResponse {
        .page(
            NoticePage(
                title: "Not here", text: "There is nothing at this address, or not any more."
            )
            .html, .notFound)
    }

    private func picture(_ request: WebRequest) throws -> WebResponse? {
        guard let asset = Int64(request.path[1]) else { return nil }
        switch request.path.dropFirst(2) {
        case []: return try picture(asset, request)
        case ["similar"]: return try similar(asset, request)
        default: return nil
        }
    }

    private func signOut(_ request: WebRequest) -> WebResponse {
        if let session = session(request) { gate.sessions.end(session) }
        return WebResponse(.noContent)
    }

    /// Puts all that has failed back into the queue, as `vignette retry` does.
    private func retry() throws -> WebResponse {
        let visitor = try Catalogue(at: settings.catalogue, access: .visitor)
        defer { visitor.close() }
        let count = try visitor.retry(.all)
        WakeFile.touch(for: settings.catalogue)
        return .text(.ok, count == 1 ? "One is queued again." : "\(count) are queued again.")
    }
}
