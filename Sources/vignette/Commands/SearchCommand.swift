public import ArgumentParser
import Catalogue
import Finding
import SystemPackage

/// Finds files by words.
struct SearchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "search",
        abstract: "Find pictures and clips by words.",
        discussion: """
            Every word must occur, by its beginning, in a caption, a title, a tag or a file's name: what \
            the model said, and what people wrote in the files and in XMP sidecars. Words in double quotes \
            must stand together; a word or a filter behind '-' must not hold (put '--' before such a \
            query). Up to a thousand matches come best first; when there are more, or no words, the \
            newest come first.

            Filters stand among the words, or are given as options:
              kind:video  tag:dog  tag:"hot dog"  rating:4  camera:nikon  folder:2019/italy
              in:2019  in:2019-07  in:july  on:2019-07-26  on:12-24
              after:2019-07  before:2020  near:48.86,2.35 within:5km  no:place  by:human
            All must hold. Dates are the local time that a picture's file tells, a clip's its start; 'after' \
            and 'before' leave out the year, month or day itself. Without 'within', 'near' means 5 km. \
            no: takes place, date, caption, tag or rating; by: who wrote the caption, human, sidecar or model.

            Where there is more than fits a page, the last line on standard error says how to go on. \
            With --json each result has a 'cursor' that --after takes to go on behind it.

            EXAMPLES
              vignette search boat beach
              vignette search --kind video --tag dog
              vignette search --rating 4 lake
              vignette search in:july camera:nikon "near:45.44,12.33 within:2km" boat
              vignette search --by date in:2019 folder:italy
              vignette search -- '"red car"' -night -tag:toy
            """)

    @Argument(help: "Words and filters; none finds everything.")
    var words: [String] = []

    @Option(help: "Only what has this tag; may be repeated.")
    var tag: [String] = []

    @Option(help: "Only 'still' or 'video'.")
    var kind: AssetKind?

    @Option(help: "Only what has at least so many stars, 1 to 5.")
    var rating: Int?

    @OptionGroup(title: "Filters") var filters: FilterOptions

    @Option(help: "'relevance', or 'date': what was taken last comes first.")
    var by = SearchSorting.relevance

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
        let typed = try Query(words.joined(separator: " "), options: filters.given)
        let catalogue = try common.reader()
        let query = SearchQuery(
            typed.text, tags: tag.map { $0.lowercased() } + typed.tags, kind: kind,
            minimumRating: rating, filters: typed.filters, sorting: by,
            limit: limit == .max ? limit : limit + 1, offset: offset, after: after)
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
extension SearchSorting: ExpressibleByArgument {}

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
