import Catalogue
import Daemon
import Digests
import Finding
import Foundation
import MediaDecoding
import SystemPackage
import WorkQueue

/// One picture or clip, and all that is known of it.
struct PicturePage {
    var words: WordsPart
    /// The search that found it.
    var query: String?
    /// What stands before it in the timeline.
    var previous: Int64?
    /// What stands behind it.
    var next: Int64?
    /// Of a clip, stretches that the search found.
    var marks: [Moment]

    private var picture: PictureDetails { words.picture }
    private var asset: AssetDetails { picture.asset }
    private var isClip: Bool { asset.facts.kind == .video }

    /// What it is called at the top of the window.
    var title: String { PictureGrid.words(for: picture.brief) }

    var html: HTML {
        """
        <main id="content" class="picture" data-id="\(asset.id)">
        <div class="stage">
        \(previous.html { way("prev", "Previous", $0) })
        \(isClip ? clip : still)
        \(next.html { way("next", "Next", $0) })
        </div>
        <article class="about">
        \(words.html)
        \(isClip.html(ClipStretches(picture: picture, marks: marks).html))
        \((!isClip).html(attention))
        \(AskPart(asset: asset.id).form)
        \(facts)
        \(texts)
        <section aria-label="Similar" data-part="/pictures/\(asset.id)/similar?part=1"><h2>Similar</h2>
        <p class="more"><a href="/pictures/\(asset.id)/similar">Show what is like it</a></p></section>
        </article>
        </main>
        """
    }

    private func way(_ rel: String, _ words: String, _ asset: Int64) -> HTML {
        """
        <a class="way \(rel)" rel="\(rel)" href="\(PageAddress.picture(asset))" aria-label="\(words)"></a>
        """
    }

    private var still: HTML {
        """
        <div class="looked"><img class="preview" src="\(PageAddress.thumbnail(asset.facts.identity, .large))" \
        width="\(asset.facts.width)" height="\(asset.facts.height)" alt="\(title)"></div>
        """
    }

    /// What the one token looked at, which scripts lay over the picture.
    private var attention: HTML {
        """
        <section aria-label="What the model looked at" class="look">
        <p class="unscripted"><a href="/pictures/\(asset.id)/attention">What the model looked at</a></p>
        <p class="scripted"><button type="button" aria-pressed="false" aria-keyshortcuts="h" \
        data-look="/pictures/\(asset.id)/attention">What the model looked at</button></p></section>
        """
    }

    private var clip: HTML {
        """
        <video class="preview" controls playsinline preload="metadata" src="/clips/\(asset.id)" \
        poster="\(PageAddress.thumbnail(asset.facts.identity, .large))" width="\(asset.facts.width)" \
        height="\(asset.facts.height)" aria-label="\(title)"></video>
        <p class="problem unplayable" role="alert" hidden>This browser cannot play \(asset.facts.format) clips of \
        this kind. What was seen in it stands below.</p>
        """
    }

    private var facts: HTML {
        let rows: [HTML] = shownFacts.map { "<dt>\($0.0)</dt><dd>\($0.1)</dd>" }
        return "<dl class=\"facts\">\(rows)</dl>"
    }

    private var shownFacts: [(String, HTML)] {
        let facts = asset.facts
        var rows: [(String, HTML)] = []
        if let taken = picture.capture.takenAt {
            let day = String(taken.prefix(10))
            rows.append(
                (
                    "Taken",
                    link(ShownMoment.full(taken), day.utf8.count == 10 ? "on:\(day)" : "in:\(day)")
                ))
        }
        if let camera = picture.capture.camera {
            rows.append(("Camera", link(camera, PageAddress.filter("camera", camera))))
        }
        if let latitude = picture.capture.latitude, let longitude = picture.capture.longitude {
            let place = String(format: "%.5f,%.5f", latitude, longitude)
            rows.append(("Place", link(place, "near:\(place)")))
        }
        if let rating = asset.rating, rating > 0 {
            rows.append(("Rating", "\(String(repeating: "★", count: min(rating, 5)))"))
        }
        let length = facts.duration.map { ", \(ShownMoment.clock($0))" } ?? ""
        let end = facts.isIncomplete ? ", its end is missing" : ""
        rows.append(
            (
                "Content",
                "\(facts.format.uppercased()), \(facts.width) × \(facts.height)\(length)\(end)"
            ))
        return rows + picture.files.map { ($0.isOnline ? "File" : "Offline", file($0)) }
    }

    private func link(_ words: String, _ query: String) -> HTML {
        "<a href=\"\(PageAddress.search(query))\">\(words)</a>"
    }

    /// Where a file is: its folder leads to what else lies there.
    private func file(_ file: FileLocation) -> HTML {
        let folder = file.relativePath.removingLastComponent().string
        let name = file.relativePath.lastComponent?.string ?? ""
        guard !folder.isEmpty else { return "\(file.root.string)/<wbr>\(name)" }
        return """
            \(file.root.string)/<wbr>\(link(folder, PageAddress.filter("folder", folder)))/<wbr>\(name)
            """
    }

    /// Texts beside the caption, such as a title or what another source says.
    private var texts: HTML {
        let others = asset.descriptions.filter {
            $0.span == nil && $0.text != asset.caption && !$0.text.isEmpty
        }
        guard !others.isEmpty else { return .empty }
        let items: [HTML] = others.map { text in
            """
            <li><p>\(text.text)</p><p class="quiet">\(text.prompt), \(WordsPart.author(text.source).lowercased())\
            \(text.recipe.html { ": \($0.model)" })</p></li>
            """
        }
        return
            "<section aria-label=\"Further texts\"><h2>Further texts</h2><ul class=\"texts\">\(items)</ul></section>"
    }
}
