public import ArgumentParser
import Catalogue
import SystemPackage

/// Finds files by words.
struct SearchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "search",
        abstract: "Find pictures and clips by words.",
        discussion: """
            Every word must occur, by its beginning, in a caption, a title, a tag or a file's name: what \
            the model said, and what people wrote in the files and in XMP sidecars. Words in double quotes must stand together; a word behind '-' must not occur (put '--' before \
            such a query). Up to a thousand matches come best first; when there are more, or no words, \
            the newest come first.

            Where there is more than fits a page, the last line on standard error says how to go on. \
            With --json each result has a 'cursor' that --after takes to go on behind it.

            EXAMPLES
              vignette search boat beach
              vignette search --kind video --tag dog
              vignette search --rating 4 lake
              vignette search -- '"red car"' -night
            """)

    @Argument(help: "Words to look for; none finds everything.")
    var words: [String] = []

    @Option(help: "Only what has this tag; may be repeated.")
    var tag: [String] = []

    @Option(help: "Only 'still' or 'video'.")
    var kind: AssetKind?

    @Option(help: "Only what has at least so many stars, 1 to 5.")
    var rating: Int?

    @Option(help: "Most results.")
    var limit = 50

    @Option(help: "Results to leave out.")
    var offset = 0

    @Option(help: "Go on behind the result with this cursor, for the next page.")
    var after: String?

    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard limit > 0, offset >= 0 else {
            throw ValidationError("--limit must be above zero and --offset not below")
        }
        guard rating.map((1...5).contains) ?? true else {
            throw ValidationError("--rating must be 1, 2, 3, 4 or 5")
        }
    }

    func run() throws {
        let catalogue = try common.reader()
        let query = SearchQuery(
            words.joined(separator: " "), tags: tag.map { $0.lowercased() }, kind: kind,
            minimumRating: rating, limit: limit == .max ? limit : limit + 1, offset: offset,
            after: after)
        // One more than is shown tells whether there is more.
        let found = try catalogue.search(query)
        let hits = found.prefix(limit)
        var table = Table()
        for hit in hits {
            if common.json {
                try JSONLine.write(HitLine(hit))
            } else {
                let path = hit.files.first.map { PathText($0.path).display } ?? ""
                let isOffline = hit.files.first?.isOnline == false
                table.add(
                    Style.bold(path), SourceText.caption(hit.caption, hit.captionSource),
                    Style.dim(
                        SourceText.tags(hit.tagDetails) + (isOffline ? " (offline)" : "")
                            + (hit.isIncomplete ? " (incomplete)" : "")))
            }
        }
        StandardOutput.write(table.text())
        if !common.json, found.count > limit, let last = hits.last {
            StandardError.write("more: the same search with --after \(last.cursor)\n")
        }
    }
}

extension AssetKind: ExpressibleByArgument {}

/// A hit for programs.
private struct HitLine: Encodable {
    let path: PathText?
    let paths: [PathText]
    let title: String?
    let caption: String?
    /// Who wrote the caption.
    let captionSource: String?
    let tags: [String]
    /// Who gave the tags, for each of `tags`.
    let tagSources: [[String]]
    /// How likely the model held each of `tags`; null where no model gave it.
    let tagProbabilities: [Double?]
    let rating: Int?
    let incomplete: Bool
    let kind: String
    let takenAt: String?
    let offline: Bool
    let cursor: String

    init(_ hit: SearchHit) {
        paths = hit.files.map { PathText($0.path) }
        path = paths.first
        title = hit.title
        caption = hit.caption
        captionSource = hit.captionSource?.name
        tags = hit.tags
        tagProbabilities = hit.tagDetails.map { $0.probability.map(ShownProbability.rounded) }
        tagSources = hit.tagDetails.map { $0.sources.map(\.name) }
        rating = hit.rating
        incomplete = hit.isIncomplete
        kind = hit.kind.rawValue
        takenAt = hit.takenAt
        offline = hit.files.first?.isOnline == false
        cursor = hit.cursor
    }
}
