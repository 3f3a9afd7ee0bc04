public import ArgumentParser
import Catalogue
public import Daemon
import Finding
import SystemPackage
import VectorIndex

/// Finds files by words.
struct SearchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "search",
        abstract: "Find pictures and clips by words and by what they mean.",
        discussion: """
            Found is what has the words, and what is like them. By words: every one must occur (but \
            a letter alone beside others), by its beginning, in a caption, a title, a tag or a file's name: \
            what the model said, and what people wrote in the files and in XMP sidecars. Words in double quotes must stand together; a word or \
            a filter behind '-' must not hold (put '--' before such a query). By meaning: a picture is \
            like the words if it is more so than nearly all others of the library; --all shows those \
            behind this limit too. The best come first; of a word that more than a thousand pictures \
            share, and where there are no words, the newest do.

            Meaning takes a model that makes embeddings, as the bundled one for photographs and the released \
            one do, and English words; without, pictures are found by words alone.

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
              vignette search --match meaning "a dog in the snow"
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

    @Option(help: "Find by 'words', by 'meaning', or by 'both'.")
    var match = LibrarySearch.Match.both

    @Flag(help: "Also show what is no more like the words than others are, down to the thousandth.")
    var all = false

    @Option(help: "The model whose embeddings to use; the one that watches otherwise.")
    var model: String?

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
        let typed = try Query(
            words.joined(separator: " "), options: tag.map { (.tag, $0) } + filters.given)
        let settings = try common.settings()
        let catalogue = try Catalogue(at: settings.catalogue, access: .reader)
        let query = SearchQuery(
            typed.text, tags: typed.tags, kind: kind,
            minimumRating: rating, filters: typed.filters, sorting: by, limit: limit,
            offset: offset, after: after)
        let (page, note) = try TypedSearch(
            catalogue: catalogue, chosen: model, settings: settings
        ).page(query, match, isCut: !all)
        if let note { StandardError.write("vignette: found by words alone: \(note)\n") }
        try show(page)
    }

    private func show(_ page: FoundPage) throws {
        var table = Table()
        for found in page.hits {
            if common.json {
                try JSONLine.write(HitLine(found))
                continue
            }
            let hit = found.hit
            let path = hit.files.first.map { PathText($0.path).display } ?? ""
            let isOffline = hit.files.first?.isOnline == false
            table.add(
                Style.bold(path), SourceText.caption(hit.caption, hit.captionSource),
                Style.dim(
                    SourceText.tags(hit.tagDetails) + (isOffline ? " (offline)" : "")
                        + (hit.isIncomplete ? " (incomplete)" : "")))
        }
        StandardOutput.write(table.text())
        if !common.json, page.hasMore, let last = page.hits.last {
            StandardError.write("more: the same search with --after \(last.hit.cursor)\n")
        }
    }
}

extension AssetKind: ExpressibleByArgument {}
extension SearchSorting: ExpressibleByArgument {}
extension LogFormat: ExpressibleByArgument {}
extension LibrarySearch.Match: ExpressibleByArgument {}

/// A hit for programs.
struct HitLine: Encodable {
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
    /// What was put in its place by, higher for better; null where it stands by its age.
    let score: Double?
    /// Why it was found: `caption`, `tag`, `name`, `meaning 0.31`.
    let reasons: [String]
    /// The cosine between the words' and the picture's embeddings; null where it was not found by that.
    let similarity: Float?
    /// Of a clip that was found by its meaning, the second that is most like the words.
    let second: Int32?
    let cursor: String

    init(_ found: FoundHit) {
        let hit = found.hit
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
        score = found.score
        reasons = found.reasons
        similarity = found.near?.similarity
        second = found.near.flatMap { $0.second == IndexedVector.wholeAsset ? nil : $0.second }
        cursor = hit.cursor
    }
}
