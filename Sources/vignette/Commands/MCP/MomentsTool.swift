import Catalogue
import Daemon
import Finding
import JSONScanning
import MCP

/// The tool that finds seconds of clips.
enum MomentsTool {
    private struct Found: Encodable {
        let moments: [MomentLine]
        /// Why by words alone, where that is so.
        let note: String?
    }

    private static let schema = ToolOutput.schema(
        [
            "moments": ToolOutput.list(
                [
                    "path": ToolOutput.path, "start": ToolOutput.number,
                    "end": ToolOutput.number, "similarity": ToolOutput.number,
                    "peak": ToolOutput.number, "caption": ToolOutput.text,
                    "reasons": ToolOutput.texts,
                ], required: ["start", "end", "reasons"]), "note": ToolOutput.text,
        ], required: ["moments"])

    static func make(_ desk: LibraryDesk) -> Tool {
        Tool(
            "moments", title: "Find seconds of clips",
            description: """
                Finds the seconds of clips that show something, or whose captions have the words. Filters stand among \
                the words, as for 'search'. 'start' and 'end' are in seconds.
                """,
            parameters: [
                Parameter(
                    "query", .text(mostCharacters: 2000), "What to look for, and filters.",
                    isRequired: true),
                Parameter("limit", .integer(1...50), "Most results; 20 unless said."),
            ], output: schema
        ) { arguments, cancellation in
            try desk.read(cancellation) { catalogue in
                let query = try SearchQuery(
                    typed: arguments["query"]?.string ?? "", filters: desk.scope.filters,
                    limit: arguments["limit"]?.integer ?? 20)
                let (moments, note) = try desk.search(catalogue).moments(query)
                let told = moments.compactMap { moment in
                    desk.scope.narrowed(moment.hit).map { hit in
                        var moment = moment
                        moment.hit = hit
                        return MomentLine(moment)
                    }
                }
                return try ToolOutput.value(Found(moments: told, note: note))
            }
        }
    }
}
