import Catalogue
import Foundation
import SystemPackage

/// Copies of pictures, and bursts, side by side; nothing is done to them.
struct DuplicatePage {
    /// What groups are made of.
    enum Kind: String, CaseIterable {
        case copy, same, burst

        fileprivate var words: String {
            switch self {
            case .copy: "Copies"
            case .same: "Same picture"
            case .burst: "Bursts"
            }
        }

        fileprivate var explanation: String {
            switch self {
            case .copy: "Files with the same picture, byte for byte."
            case .same:
                "One picture coded anew, resized, cropped a little or brightened; the largest comes first."
            case .burst: "Other pictures of one scene, seconds apart; the largest comes first."
            }
        }
    }

    /// One picture of a group, with what tells it from the others.
    struct Member {
        var picture: PictureDetails
        /// How like the first it is, of 1.
        var score: Double
        /// Seconds after the first.
        var seconds: Double?
    }

    var kind: Kind
    var counts: [Kind: Int]
    /// When they were looked for; `nil` if that was never done to an end.
    var moment: Date?
    var look: DuplicatesDesk.State
    /// Those of this page.
    var groups: [[Member]]
    /// Where the next page begins.
    var next: Int?

    var html: HTML {
        """
        <main id="content" class="duplicates">
        <h1 tabindex="-1">Duplicates</h1>
        <p class="quiet">To look at: nothing here is ever deleted.</p>
        <div id="look" data-news="/duplicates/news" data-reload="true">\(Self.progress(moment, look))</div>
        \((moment != nil).html(found))
        </main>
        """
    }

    private var found: HTML {
        """
        <nav class="orders" aria-label="Kinds">\(Kind.allCases.map(link))</nav>
        <p>\(kind.explanation)</p>
        \(groups.isEmpty ? "<p class=\"quiet\">There are none.</p>" : run)
        """
    }

    /// Some groups, with the way to the next.
    var run: HTML {
        let address = next.map { next in
            {
                PageAddress.with(
                    "/duplicates", ("kind", kind.rawValue), ("from", "\(next)"), ("part", $0))
            }
        }
        return """
            <div class="run"\(address.html { " data-older=\"\($0("1"))\"" })>
            \(groups.map(section))
            \(address.html { "<p class=\"more\"><a href=\"\($0(nil))\" rel=\"next\">More</a></p>" })
            </div>
            """
    }

    /// How far a look is, or how to begin one.
    static func progress(_ moment: Date?, _ look: DuplicatesDesk.State) -> HTML {
        if case .looking(let done, let total) = look {
            return """
                <p id="looking">Looking\((total > 0).html(": \(done) of \(total) pictures"))</p>
                <progress aria-labelledby="looking"\((total > 0).html(" value=\"\(done)\" max=\"\(total)\""))></progress>
                """
        }
        let failed: HTML =
            if case .failed = look {
                """
                <p class="problem">The last look was not done to its end. <code>vignette duplicates</code> says why.</p>
                """
            } else { .empty }
        let date = moment.map { ShownMoment.full(ISO8601DateFormatter().string(from: $0)) }
        return """
            \(failed)\(date.html { "<p class=\"quiet\" data-found>As of \($0) UTC.</p>" })
            <p class="scripted"><button type="button" data-post="/duplicates">\
            \(moment == nil ? "Look for them" : "Look again")</button></p>
            """
    }

    private func link(to kind: Kind) -> HTML {
        let current: HTML = kind == self.kind ? " aria-current=\"page\"" : .empty
        return """
            <a href="\(PageAddress.with("/duplicates", ("kind", kind.rawValue)))"\(current)>\(kind.words) \
            <span class="count">\(counts[kind] ?? 0)</span></a>
            """
    }

    private func section(_ group: [Member]) -> HTML {
        let words =
            kind == .copy
            ? "\(group.first?.picture.files.count ?? 0) files" : "\(group.count) pictures"
        let caption = group.first?.picture.asset.caption ?? ""
        return """
            <section aria-label="\(words): \(caption)">
            <ul class="grid beside">\(group.map(item))<li class="rest" aria-hidden="true"></li></ul></section>
            """
    }

    private func item(_ member: Member) -> HTML {
        let facts = member.picture.asset.facts
        let files: [HTML] = member.picture.files.map {
            "<span class=\"path\">\($0.relativePath.string)</span>"
        }
        var words = ["\(facts.format.uppercased()), \(facts.width) × \(facts.height)"]
        if let seconds = member.seconds, seconds != 0 {
            words.append(String(format: "%+.\(abs(seconds) < 10 ? 1 : 0)f s", seconds))
        }
        if member.score < 1 { words.append("\(Int((member.score * 100).rounded())) % alike") }
        return PictureGrid.item(
            member.picture.brief, caption: "\(words.joined(separator: ", "))\(files)")
    }
}
