import ArgumentParser
import Catalogue
import Daemon
import Finding
import Foundation
import SystemPackage

/// Writes out what is said about pictures.
struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write out all that is said about pictures and clips.",
        discussion: """
            A line of JSON for each: what it is, where its files are, and all texts and tags with their \
            sources, times and edits. 'vignette import' takes it in again, also on another machine: pictures \
            are known by their content, wherever they lie. With --csv, a table for people: what counts of \
            each, without the rest. A query, as 'vignette search' takes it, chooses by words and filters.

            What models computed beside words (tokens, embeddings) is not written out.

            EXAMPLES
              vignette export > library.jsonl
              vignette export by:human -o mine.jsonl
              vignette export --csv in:2019 folder:italy -o italy.csv
            """)

    @Argument(help: "Words and filters; everything if there are none.")
    var words: [String] = []

    @Flag(help: "A table with commas instead of JSON.")
    var csv = false

    @Option(name: .shortAndLong, help: "The file to write; it is replaced when all is written.")
    var output: PathArgument?

    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard !csv || !common.json else { throw ValidationError("--json or --csv: one of them") }
    }

    func run() throws {
        let typed = words.isEmpty ? nil : try Query(words.joined(separator: " "), options: [])
        let catalogue = try common.reader()
        defer { catalogue.close() }
        let sheet = try OutputFile(output?.path)
        let format = csv ? ExportFormat.csv : .json
        try sheet.write(format.header)
        var bar = CountedProgress(total: typed == nil ? try catalogue.assetCount() : nil)
        var count = 0
        try forEach(of: typed, in: catalogue) { number, asset in
            try sheet.write(
                try format.line(asset) { try catalogue.wordsInForce(of: number) })
            count += 1
            bar.draw(count)
        }
        bar.clear()
        try sheet.finish()
        StandardError.write("\(count) \(count == 1 ? "picture or clip" : "pictures and clips")\n")
    }

    /// Hands on every asset, or those that a query finds.
    private func forEach(
        of query: Query?, in catalogue: Catalogue, _ body: (Int64, ExportedAsset) throws -> Void
    ) throws {
        guard let query else {
            var last: Int64 = 0
            while true {
                let page = try catalogue.export(after: last, limit: 256)
                guard let end = page.last else { return }
                for (number, asset) in page { try body(number, asset) }
                last = end.number
            }
        }
        var cursor: String?
        while true {
            let hits = try catalogue.search(
                SearchQuery(
                    query.text, tags: query.tags, filters: query.filters, sorting: .date,
                    limit: 256, after: cursor))
            guard let last = hits.last else { return }
            for hit in hits {
                for asset in try catalogue.export([hit.assetID]) { try body(hit.assetID, asset) }
            }
            cursor = last.cursor
        }
    }
}

/// How an asset becomes a line.
enum ExportFormat {
    case json
    case csv

    private static let columns = [
        "path", "identity", "kind", "title", "caption", "caption_source", "tags", "taken_at",
        "camera",
        "latitude", "longitude", "rating",
    ]

    var header: String { self == .csv ? Self.columns.joined(separator: ",") + "\r\n" : "" }

    /// The line of an asset; what counts of it is asked for only where that is shown.
    func line(_ asset: ExportedAsset, words: () throws -> WordsInForce) throws -> String {
        switch self {
        case .json: try JSONLine.text(asset)
        case .csv: Self.row(asset, try words())
        }
    }

    /// A row as RFC 4180 has it.
    private static func row(_ asset: ExportedAsset, _ words: WordsInForce) -> String {
        let fields: [String?] = [
            asset.paths.first.map { PathText($0.path).display }, asset.identity, asset.kind,
            words.title?.text, words.caption?.text, words.caption?.source.name,
            words.tags.joined(separator: "; "), asset.takenAt, asset.camera,
            asset.latitude.map { "\($0)" }, asset.longitude.map { "\($0)" },
            asset.rating.map(String.init),
        ]
        return fields.map { quoted($0 ?? "") }.joined(separator: ",") + "\r\n"
    }

    /// Quoted where it must be; a text that a spreadsheet would take for a formula gets an apostrophe.
    static func quoted(_ field: String) -> String {
        let starts: Set<Character> = ["=", "+", "@", "\t", "\r"]
        let isFormula =
            field.first.map { starts.contains($0) || ($0 == "-" && Double(field) == nil) } ?? false
        let text = isFormula ? "'" + field : field
        guard text.unicodeScalars.contains(where: { "\",\r\n;".unicodeScalars.contains($0) }) else {
            return text
        }
        return "\"\(text.replacing("\"", with: "\"\""))\""
    }
}
