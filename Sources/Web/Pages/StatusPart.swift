import Catalogue
import Foundation
import SystemPackage

/// What `vignette status` says, for people who look at a page.
struct StatusPart {
    private let status: CatalogueStatus
    private let progress: WorkProgress
    private let failures: [Failure]
    private let owner: Int32?
    private let helpers: HelpersPart

    private static let mostFailures = 100

    /// Reads it.
    ///
    /// - Throws: `CatalogueError`.
    init(_ catalogue: Catalogue, at path: FilePath) throws(CatalogueError) {
        status = try catalogue.status()
        progress = try catalogue.progress()
        failures = try catalogue.failures(limit: Self.mostFailures)
        owner = Catalogue.owner(at: path)
        helpers = try HelpersPart(catalogue, isWatched: owner != nil)
    }

    var html: HTML {
        """
        <p class="state">\(owner == nil ? "Nobody is watching the folders at the moment." : "Watching.")</p>
        \(part("New pictures", progress.new))
        \(part("Described again", progress.redo))
        \(part("Looked at for their meaning", progress.embeddings))
        \(helpers.html)
        \(roots)
        \(models)
        \(failed)
        """
    }

    private func part(_ title: String, _ part: WorkProgress.Part) -> HTML {
        guard part.left > 0 else { return .empty }
        let rate = part.rate.map { String(format: ", %.1f a second", $0) } ?? ""
        let left = part.secondsLeft.map { ", \(Self.span($0)) left" } ?? ""
        return """
            <section aria-label="\(title)"><h2>\(title)</h2>
            <progress value="\(part.done)" max="\(part.total)">\(part.done) of \(part.total)</progress>
            <p>\(part.done) of \(part.total)\(rate)\(left)</p></section>
            """
    }

    private var roots: HTML {
        guard !status.roots.isEmpty else { return .empty }
        let rows: [HTML] = status.roots.map { root in
            """
            <tr><th scope="row">\(root.root.path.string)\(reason(root.root))</th><td>\(root.files)</td>\
            <td>\(root.described)</td><td>\(root.queued)</td><td>\(root.failed)</td><td>\(root.offline)</td></tr>
            """
        }
        return """
            <section aria-label="Folders"><h2>Folders</h2><div class="wide"><table>
            <thead><tr><th scope="col">Folder</th><th scope="col">Files</th><th scope="col">Described</th>\
            <th scope="col">Queued</th><th scope="col">Failed</th><th scope="col">Offline</th></tr></thead>
            <tbody>\(rows)</tbody></table></div></section>
            """
    }

    private func reason(_ root: Root) -> HTML {
        switch root.state {
        case .online: root.isWatched ? .empty : " <span class=\"quiet\">not watched</span>"
        case .offline(let reason): " <span class=\"quiet\">offline: \(reason)</span>"
        }
    }

    private var models: HTML {
        guard !status.models.isEmpty else { return .empty }
        let items: [HTML] = status.models.map { model in
            "<li>\(model.model) <span class=\"count\">\(model.assets)</span></li>"
        }
        return
            "<section aria-label=\"Models\"><h2>Models</h2><ul class=\"entries\">\(items)</ul></section>"
    }

    private var failed: HTML {
        guard !failures.isEmpty else { return .empty }
        let items: [HTML] = failures.map { failure in
            "<li><code>\(failure.path.string)</code><p class=\"quiet\">\(failure.reason)</p></li>"
        }
        return """
            <section aria-label="Failures"><h2>Failures</h2>
            <p class="scripted"><button type="button" data-post="/retry">Try all again</button></p>
            <ul class="failures">\(items)</ul></section>
            """
    }

    /// A length of time, roughly: `40 s`, `12 min`, `3 h`, `2 days`.
    static func span(_ seconds: Double) -> String {
        switch seconds.isFinite ? max(seconds, 0) : 0 {
        case ..<90: "\(Int(seconds.rounded())) s"
        case ..<5400: "\(Int((seconds / 60).rounded())) min"
        case ..<172_800: "\(Int((seconds / 3600).rounded())) h"
        case let seconds: "\(Int((min(seconds, 1e9) / 86400).rounded())) days"
        }
    }
}
