import WorkQueue
import Catalogue
import Finding

/// What is seen in a clip, stretch by stretch; where the page's script runs, each leads to its second.
struct ClipStretches {
    var picture: PictureDetails
    /// Those that a search found.
    var marks: [Moment]

    var html: HTML {
        let captions = stretches
        guard !captions.isEmpty || !marks.isEmpty else { return .empty }
        return """
            <section class="stretches" aria-label="In this clip"><h2>In this clip</h2>
            <ol>\(captions.map { item($0.start, $0.end, $0.text, isFound: isMarked($0)) })</ol>
            \(found)
            </section>
            """
    }

    /// The texts that count: those of the source and recipe that come first.
    private var stretches: [(start: Double, end: Double, text: String)] {
        var seen: Set<Double> = []
        return picture.asset.descriptions.compactMap { text in
            guard let span = text.span, text.prompt == "caption", seen.insert(span.start).inserted
            else {
                return nil
            }
            return (span.start, span.end, text.text)
        }.sorted { $0.start < $1.start }
    }

    private func isMarked(_ stretch: (start: Double, end: Double, text: String)) -> Bool {
        marks.contains { $0.start < stretch.end && stretch.start < $0.end }
    }

    private var found: HTML {
        guard !marks.isEmpty else { return .empty }
        let inOrder = marks.sorted { $0.start < $1.start }
        let items: [HTML] = inOrder.map {
            item($0.start, $0.end, $0.caption ?? "alike", isFound: true)
        }
        return "<h2>Found here</h2><ol class=\"found\">\(items)</ol>"
    }

    private func item(_ start: Double, _ end: Double, _ text: String, isFound: Bool) -> HTML {
        let found: HTML = isFound ? " class=\"marked\"" : ""
        let second = Int(min(max(start.isFinite ? start : 0, 0), 1e7))
        return """
            <li\(found)><a href="#t=\(second)" data-start="\(second)" data-end="\(Int(min(max(end.isFinite ? end : 0, 0), 1e7)))">\
            <time>\(ShownMoment.clock(start))</time> \(text)</a></li>
            """
    }
}
