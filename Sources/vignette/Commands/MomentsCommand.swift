import ArgumentParser
import Catalogue
import Daemon
import Finding
import SystemPackage

/// Finds the seconds of clips.
struct MomentsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "moments",
        abstract: "Find the seconds of clips that show something.",
        discussion: """
            Found are seconds that are like the words, neighbouring ones joined, and stretches whose captions \
            have the words; with --like, seconds that look like a picture. Filters stand among the words, as \
            for 'vignette search'. The best come first.

            EXAMPLES
              vignette moments "a dog jumps into the water"
              vignette moments in:2019 candles
              vignette moments --like cake.jpg
            """)

    @Argument(help: "Words and filters.")
    var words: [String] = []

    @Option(help: "A picture or clip; seconds that look like it are found.")
    var like: PathArgument?

    @Flag(help: "Also show seconds that are no more like it than others are, down to the 16,000th.")
    var all = false

    @Option(help: "Most results.")
    var limit = 20

    @Option(help: "The model whose embeddings to use; the one that watches otherwise.")
    var model: String?

    @OptionGroup(title: "Filters") var filters: FilterOptions

    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard limit > 0 else { throw ValidationError("--limit must be above zero") }
        guard !words.isEmpty || like != nil else {
            throw ValidationError("say what to look for, in words or by --like FILE")
        }
    }

    func run() throws {
        let typed = try Query(words.joined(separator: " "), options: filters.given)
        let settings = try common.settings()
        let catalogue = try Catalogue(at: settings.catalogue, access: .reader)
        let query = SearchQuery(
            typed.text, tags: typed.tags, filters: typed.filters, limit: limit)
        for moment in try found(query, catalogue, settings) {
            if common.json {
                try JSONLine.write(MomentLine(moment))
            } else {
                StandardOutput.write(line(moment))
            }
        }
    }

    private func found(
        _ query: SearchQuery, _ catalogue: Catalogue, _ settings: Settings
    ) throws -> [Moment] {
        guard let like else {
            let (moments, note) = try TypedSearch(
                catalogue: catalogue, chosen: model, settings: settings
            ).moments(query, isCut: !all)
            if let note { StandardError.write("vignette: found by words alone: \(note)\n") }
            return moments
        }
        guard SpokenText(query.text).isEmpty else {
            throw ValidationError("give words or --like, not both; filters go with either")
        }
        let source = try LikenessSource(of: catalogue, model: model ?? settings.model, settings)
        let given = try FileDirections(catalogue, source, settings).of([like.path])
        return try given.directions.first.map {
            try MomentSearch(catalogue).moments(
                like: $0, source.search(in: catalogue), query, isCut: !all)
        } ?? []
    }

    /// A line such as `clip.mp4 00:42–00:51  A dog in water.  [meaning 0.31]`.
    private func line(_ moment: Moment) -> String {
        let path = moment.hit.files.first.map { PathText($0.path).display } ?? ""
        let text = moment.caption ?? moment.hit.caption ?? ""
        return
            "\(Style.bold(path)) \(MomentTime.text(moment.start))–\(MomentTime.text(moment.end))  "
            + "\(text)  \(Style.dim("[\(moment.reasons.joined(separator: ", "))]"))\n"
    }
}

/// Seconds as players show them.
enum MomentTime {
    /// `00:42`, `1:00:03`.
    static func text(_ seconds: Double) -> String {
        let whole = Int(min(max(seconds, 0), 1e9))
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let rest = "\(two(whole / 60 % 60)):\(two(whole % 60))"
        return whole < 3600 ? rest : "\(whole / 3600):\(rest)"
    }
}

/// A moment for programs.
struct MomentLine: Encodable {
    let path: PathText?
    /// Its first second.
    let start: Double
    /// The second behind it.
    let end: Double
    /// The cosine of its likest second; null where it was found by its caption alone.
    let similarity: Float?
    /// Its likest second; null likewise.
    let peak: Double?
    let reasons: [String]
    /// What was said of it, where that has the words.
    let caption: String?

    init(_ moment: Moment) {
        path = moment.hit.files.first.map { PathText($0.path) }
        start = moment.start
        end = moment.end
        similarity = moment.similarity
        peak = moment.peak
        reasons = moment.reasons
        caption = moment.caption
    }
}
