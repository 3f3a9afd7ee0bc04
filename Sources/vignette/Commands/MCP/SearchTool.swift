import Catalogue
import Finding
import JSONScanning
import MCP

/// The tool that finds pictures by words.
enum SearchTool {
    static func make(_ desk: LibraryDesk) -> Tool {
        Tool(
            "search", title: "Search pictures and clips",
            description: """
                Finds pictures and clips of the library by words that stand with them and by what they show. Filters \
                stand among the words: kind:video tag:dog rating:4 camera:nikon folder:2019/italy in:2019-07 in:july \
                on:2019-07-26 after:2019 before:2020 near:48.86,2.35 within:5km no:caption by:human; a minus before a \
                word or filter excludes it. The best come first; 'cursor' of the last goes on behind it.
                """,
            parameters: [
                Parameter(
                    "query", .text(mostCharacters: 2000),
                    "Words and filters; empty for everything, the newest first.", isRequired: true),
                Parameter("limit", .integer(1...50), "Most results; 20 unless said."),
                Parameter(
                    "sort", .choice(SearchSorting.allCases.map(\.rawValue)),
                    "'relevance', or 'date': what was taken last comes first."),
                Parameter(
                    "after", .text(mostCharacters: 200), "Go on behind the result with this cursor."
                ),
            ], output: FoundPictures.schema
        ) { arguments, cancellation in
            try desk.read(cancellation) { catalogue in
                let query = try SearchQuery(
                    typed: arguments["query"]?.string ?? "", filters: desk.scope.filters,
                    sorting: arguments["sort"]?.string.flatMap(SearchSorting.init) ?? .relevance,
                    limit: arguments["limit"]?.integer ?? 20, after: arguments["after"]?.string)
                let (page, note) = try desk.search(catalogue).page(query)
                return try ToolOutput.value(FoundPictures(page, note: note, in: desk.scope))
            }
        }
    }
}
