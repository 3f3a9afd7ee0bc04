import Catalogue
import NIOHTTP1

/// How the work goes.
extension Site {
    func status(_ request: WebRequest) throws -> WebResponse {
        let part = try catalogue.read { try StatusPart($0, at: settings.catalogue) }
        return .page(
            layout(request, "Status", .status).page(
                """
                <main id="content" class="status">
                <h1 tabindex="-1">Status</h1>
                <div id="status" data-news="/status/news">\(part.html)</div>
                <p class="scripted"><button type="button" data-post="/sign-out" data-next="/">Sign out of this \
                browser</button></p>
                </main>
                """))
    }

    /// The same whenever it has changed, for as long as the browser listens.
    func statusNews() -> WebResponse {
        let news = news.rendered { [catalogue, settings] in
            (try? catalogue.read { try StatusPart($0, at: settings.catalogue) })?.html.text
        }
        return WebResponse(
            .ok, ["Content-Type": "text/event-stream", "Cache-Control": "no-store"],
            body: .events(news))
    }

    func metrics() throws -> WebResponse {
        let isWatched = Catalogue.owner(at: settings.catalogue) != nil
        let text = try catalogue.read { try Metrics($0, isWatched: isWatched).text }
        return WebResponse(
            .ok,
            ["Content-Type": "application/openmetrics-text; version=1.0.0; charset=utf-8"],
            body: .bytes(Array(text.utf8)))
    }
}
