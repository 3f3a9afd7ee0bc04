import Catalogue
import JSONScanning
import MCP
import SystemPackage

/// The tool that tells all that is known of files.
enum ShowTool {
    private static let mostFiles = 20

    private struct Shown: Encodable {
        let files: [ShownPicture]
        /// What the catalogue does not have, or what may not be told.
        let unknown: [String]
    }

    private struct ShownPicture: Encodable {
        let file: ShownFile
        let thumbnail: String?

        private enum Key: CodingKey { case thumbnail }

        func encode(to encoder: any Encoder) throws {
            try file.encode(to: encoder)
            var container = encoder.container(keyedBy: Key.self)
            try container.encodeIfPresent(thumbnail, forKey: .thumbnail)
        }
    }

    private static let schema = ToolOutput.schema(
        [
            "files": ToolOutput.list(
                [
                    "path": ToolOutput.path, "root": ToolOutput.path, "state": ToolOutput.text,
                    "kind": ToolOutput.text, "width": ToolOutput.number,
                    "height": ToolOutput.number, "duration": ToolOutput.number,
                    "takenAt": ToolOutput.text, "camera": ToolOutput.text,
                    "latitude": ToolOutput.number, "longitude": ToolOutput.number,
                    "caption": ToolOutput.text, "tags": ToolOutput.texts,
                    "descriptions": ["type": "array", "items": ["type": "object"]],
                    "thumbnail": ToolOutput.text,
                ], required: ["path", "state", "tags", "descriptions"]),
            "unknown": ToolOutput.texts,
        ], required: ["files", "unknown"])

    static func make(_ desk: LibraryDesk) -> Tool {
        Tool(
            "show", title: "Show what is known of files",
            description: """
                Tells all that the library knows of files: captions and who wrote them, of clips those of their \
                stretches, tags, stars, when, where and with what they were taken.
                """,
            parameters: [
                .paths("The files, by the paths that other tools gave.", most: mostFiles)
            ], output: schema
        ) { arguments, cancellation in
            try desk.read(cancellation) { catalogue in
                var (files, unknown): ([ShownPicture], [String]) = ([], [])
                for path in arguments.texts("paths") {
                    do {
                        let details = try desk.details(of: path, catalogue)
                        files.append(
                            ShownPicture(
                                file: ShownFile(details),
                                thumbnail: details.asset.map {
                                    ThumbnailResource.address(of: $0.id)
                                }))
                    } catch is FileNotKnown {
                        unknown.append(path)
                    }
                }
                return try ToolOutput.value(Shown(files: files, unknown: unknown))
            }
        }
    }
}

extension Parameter {
    /// The longest path, in bytes and so in characters (`PATH_MAX`).
    static let mostPathCharacters = 4095

    /// Files that a tool takes.
    static func paths(_ description: String, most: Int, isRequired: Bool = true) -> Parameter {
        Parameter(
            "paths", .list(.text(mostCharacters: mostPathCharacters), count: 1...most),
            description, isRequired: isRequired)
    }
}
