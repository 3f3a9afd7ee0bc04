import Catalogue
import Foundation

/// Which other machines help, as the daemon knows it.
struct HelpersPart {
    private let help: HelpFromOthers
    private let counts: HelpCounts
    private let isWatched: Bool
    private let now: Date

    /// Reads it.
    ///
    /// - Parameters:
    ///   - catalogue: The library.
    ///   - isWatched: Whether a daemon is there; where none is, nobody knows who would help.
    ///   - now: The moment.
    /// - Throws: `CatalogueError`.
    init(
        _ catalogue: Catalogue, isWatched: Bool, now: Date = Date()
    ) throws(CatalogueError) {
        (help, counts) = try catalogue.help()
        self.isWatched = isWatched
        self.now = now
    }

    var html: HTML {
        guard isWatched, help.place != nil else { return .empty }
        return """
            <section aria-label="Other machines"><h2>Other machines</h2>
            \(summary)
            \(list)
            </section>
            """
    }

    private var summary: HTML {
        if let problem = help.problem {
            return "<p>Nobody helps at the moment: \(problem)</p>"
        }
        let failed: HTML = counts.failed > 0 ? ", \(counts.failed) could not be described" : .empty
        return """
            <p>\(help.waiting) wait for them, \(help.held) are in their hands. They have described \(counts.done) so \
            far\(failed).</p>
            """
    }

    private var list: HTML {
        guard help.problem == nil else { return .empty }
        guard !help.helpers.isEmpty else { return "<p>None has come yet.</p>" }
        let rows: [HTML] = help.helpers.map { helper in
            """
            <tr><th scope="row">\(helper.name)</th><td>\(doing(helper))</td><td>\(rate(helper))</td>\
            <td>\(helper.done)</td><td>\(helper.failed)</td><td>\(lastWord(helper))</td><td>\(helper.program)</td></tr>
            """
        }
        return """
            <div class="wide"><table>
            <thead><tr><th scope="col">Machine</th><th scope="col">Does</th><th scope="col">Rate</th>\
            <th scope="col">Described</th><th scope="col">Failed</th><th scope="col">Last word</th>\
            <th scope="col">Version</th></tr></thead>
            <tbody>\(rows)</tbody></table></div>
            """
    }

    private func doing(_ helper: Helper) -> HTML {
        switch helper.state {
        case .working: "\(helper.doing.isEmpty ? "describing" : helper.doing)"
        case .idle: helper.isAble ? "waits for work" : "lacks the model"
        case .paused: "pauses after failures \(helper.doing)"
        case .silent: "says nothing"
        case .gone: "gone"
        }
    }

    private func rate(_ helper: Helper) -> HTML {
        guard let seconds = helper.secondsEach, seconds > 0, seconds.isFinite else { return "–" }
        return seconds < 1
            ? "\(String(format: "%.1f a second", 1 / seconds))"
            : "\(String(format: "%.1f s each", seconds))"
    }

    /// Of those who are there the last word is no news and is not noted each time.
    private func lastWord(_ helper: Helper) -> HTML {
        guard !helper.isPresent else { return "within 3 min" }
        return "\(StatusPart.span(now.timeIntervalSince(helper.lastWord))) ago"
    }
}
