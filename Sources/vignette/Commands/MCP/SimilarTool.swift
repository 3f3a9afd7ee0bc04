import Catalogue
import Daemon
import Finding
import JSONScanning
import MCP
import MediaDecoding

/// The tool that finds what is like files.
enum SimilarTool {
    private static let mostFiles = 8

    static func make(_ desk: LibraryDesk) -> Tool {
        Tool(
            "similar", title: "Find similar pictures",
            description: """
                Finds pictures and clips that show the like of what files of the library show; of several, what is \
                like all of them. The likest come first, each with its similarity: 1 is the same.
                """,
            parameters: [
                .paths("The files, by the paths that other tools gave.", most: mostFiles),
                Parameter(
                    "kind", .choice([AssetKind.still.rawValue, AssetKind.video.rawValue]),
                    "Only stills or only clips."),
                Parameter("limit", .integer(1...50), "Most results; 20 unless said."),
            ], output: FoundPictures.schema
        ) { arguments, cancellation in
            try desk.read(cancellation) { catalogue in
                let likeness = try LikenessSource(
                    of: catalogue, model: desk.settings.model, desk.settings
                ).search(in: catalogue)
                let given = try arguments.texts("paths").map { path in
                    let asset = try desk.asset(of: path, catalogue)
                    return (asset, try direction(of: asset, path, likeness))
                }
                let query = SearchQuery(
                    "", kind: arguments["kind"]?.string.flatMap(AssetKind.init),
                    filters: desk.scope.filters, limit: arguments["limit"]?.integer ?? 20)
                let page = try likeness(given.map(\.1), query, except: Set(given.map(\.0)))
                return try ToolOutput.value(FoundPictures(page, note: nil, in: desk.scope))
            }
        }
    }

    private static func direction(
        of asset: Int64, _ path: String, _ likeness: LikenessSearch
    ) throws -> Direction {
        guard let direction = try likeness.direction(of: asset) else {
            throw CommandFailure(
                "\(path.printable): not ready to be compared yet; 'vignette watch' makes it so")
        }
        return direction
    }
}
