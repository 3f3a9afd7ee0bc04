import Catalogue
import Finding
import JSONScanning

/// A picture that a tool has found: what `search --json` says of it, and where its thumbnail is.
struct FoundPicture: Encodable {
    private let line: HitLine
    private let thumbnail: String

    init(_ found: FoundHit) {
        line = HitLine(found)
        thumbnail = ThumbnailResource.address(of: found.hit.assetID)
    }

    private enum Key: CodingKey { case thumbnail }

    func encode(to encoder: any Encoder) throws {
        try line.encode(to: encoder)
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(thumbnail, forKey: .thumbnail)
    }
}

/// Pictures that a tool has found.
struct FoundPictures: Encodable {
    let results: [FoundPicture]
    /// Whether there is more behind the last one's `cursor`.
    let hasMore: Bool
    /// Why by words alone, where that is so.
    let note: String?

    init(_ page: FoundPage, note: String?, in scope: LibraryScope) {
        results = page.hits.compactMap { found in
            guard let hit = scope.narrowed(found.hit) else { return nil }
            var found = found
            found.hit = hit
            return FoundPicture(found)
        }
        hasMore = page.hasMore
        self.note = note
    }

    static let schema = ToolOutput.schema(
        [
            "results": ToolOutput.list(
                [
                    "path": ToolOutput.path, "paths": ToolOutput.paths,
                    "title": ToolOutput.text, "caption": ToolOutput.text,
                    "tags": ToolOutput.texts, "kind": ToolOutput.text,
                    "takenAt": ToolOutput.text, "reasons": ToolOutput.texts,
                    "similarity": ToolOutput.number, "cursor": ToolOutput.text,
                    "thumbnail": ToolOutput.text, "offline": ToolOutput.boolean,
                ], required: ["paths", "tags", "kind", "cursor", "thumbnail"]),
            "hasMore": ToolOutput.boolean, "note": ToolOutput.text,
        ], required: ["results", "hasMore"])
}
